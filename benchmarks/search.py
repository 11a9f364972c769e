"""Search: Munich's keywords as questions, everyday questions, speed at 10,000 entries.

Needs the data of others beside the project (`../shared/data/services`); where it is absent the
figures that rest on it are left out and named.
"""

import argparse
import json
import os
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT / "src"))

from rathaus.core.search import (  # noqa: E402  # the path comes first
    Dictionary,
    Entry,
    German,
    Index,
    Settings,
    SynonymGroup,
    Text,
    open_dictionary,
)
from rathaus.operate.measuring import percentile, report  # noqa: E402
from rathaus.services import munich  # noqa: E402
from rathaus.services.catalogue import Catalogue  # noqa: E402
from rathaus.services.reading import read_folder  # noqa: E402
from rathaus.services.search import (  # noqa: E402
    entry,
    everyday_words,
    searchable,
    synonym_groups,
)

DATA = PROJECT.parent / "shared" / "data" / "services"
LINDENFURT = PROJECT / "src" / "rathaus" / "demo" / "lindenfurt" / "services"
TOP = 3
MANY, QUICK_MANY = 10_000, 2_000
Truth = Mapping[str, frozenset[str]]

EVERYDAY: dict[str, str] = {
    "Ich habe jetzt einen Hund": "hund-anmelden",
    "Hundesteuer zahlen": "hund-anmelden",
    "mein Hund ist gestorben": "hund-abmelden",
    "neue Adresse melden": "wohnsitz-anmelden",
    "bin umgezogen": "wohnsitz-anmelden",
    "ich ziehe ins Ausland": "wohnsitz-abmelden",
    "Meldezettel": "meldebestaetigung",
    "günstige Wohnung": "wohnung-beantragen",
    "kann die Miete nicht zahlen": "wohnkostenzuschuss",
    "Schlüssel verloren": "fundgegenstand",
    "Geldbörse gefunden": "fund-abgeben",
    "Pass für den Urlaub": "reisepass",
    "Perso abgelaufen": "personalausweis",
    "Handysignatur": "id-austria",
    "Leumundszeugnis": "strafregister",
    "Briefwahl": "wahlkarte",
    "Kita Platz": "kindergartenplatz",
    "Kind in die Volksschule anmelden": "schulanmeldung",
    "wer passt im Sommer auf mein Kind auf": "ferienbetreuung",
    "unser Baby ist da": "geburt-anzeigen",
    "Geburtsurkunde": "urkunde-bestellen",
    "Hochzeit am Standesamt": "heiraten",
    "Nachname ändern": "namensaenderung",
    "Oma ist gestorben": "sterbefall",
    "Anrainerparken": "bewohnerparken",
    "Behindertenparkplatz": "parken-mit-behinderung",
    "Möbelwagen vor dem Haus parken": "halteverbot",
    "Gastgarten auf dem Gehsteig": "strasse-benuetzen",
    "Schlagloch": "schaden-melden",
    "Straßenlaterne kaputt": "schaden-melden",
    "Katze zugelaufen": "fundtier",
    "Baum fällen": "baumfaellung",
    "Haus bauen": "baubewilligung",
    "Solaranlage am Balkon": "balkonkraftwerk-foerderung",
    "alte Ölheizung ersetzen": "heizungstausch",
    "altes Sofa loswerden": "sperrmuell",
    "größere Mistkübel": "muelltonne",
    "Straßenfest": "veranstaltung-anmelden",
    "Firma gründen": "gewerbe-anmelden",
    "Geschäft zusperren": "gewerbe-abmelden",
    "Stand am Wochenmarkt": "marktstand",
    "wenig Geld": "sozialhilfe",
    "Pflege für meine Mutter": "pflege-zuhause",
    "ich möchte mich beschweren": "beschwerde",
    "Bücher ausleihen": "buecherei",
    "Hilfe mit dem Computer": "digitale-begleitung",
}
OFF_TOPIC = """
pizza bestellen · wetter morgen · fußball ergebnisse · bitcoin kurs · hotel in paris buchen
rezept für apfelkuchen · kinoprogramm heute · netflix kündigen · lottozahlen · horoskop widder
wer gewann die weltmeisterschaft · python programmieren lernen · wie alt ist der mond
billige flüge mallorca · gedicht über den herbst · minecraft server · gitarre stimmen
hauptstadt von australien · sudoku lösen · spaghetti carbonara · dinosaurier · primzahlen
beethoven sinfonie · skigebiete tirol · laptop langsam · asdfgh · lorem ipsum dolor
excel formel summe · harry potter · raumstation iss
"""


class PlainGerman(German):
    """The peer's analysis: stem of the lemma instead of the word family."""

    def family(self, word: str) -> str:
        """No derivation: Anmeldung and anmelden stay apart."""
        return self.stem((self.dictionary.lemma(word) or word).lower())


PLAIN = Settings(agreement_weight=0, coverage_weight=0, fusion_constant=20)


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    home = Path(os.environ.get("RATHAUS_HOME", PROJECT / "var" / "demo"))
    dictionary = open_dictionary(home / "search")
    figures: dict[str, float] = everyday_figures(dictionary)
    peers: dict[str, dict[str, float]] = {}
    if (DATA / "munich-catalogue").is_dir():
        catalogue = munich_catalogue()
        entries = entries_of(catalogue)
        figures |= keyword_figures(catalogue, entries, dictionary)
        peers["plain hybrid"] = plain_figures(catalogue, entries, dictionary)
        print_ablation(catalogue, entries, dictionary)
        figures |= speed_figures(catalogue, entries, dictionary, QUICK_MANY if quick else MANY)
    else:
        print(f"left out: 2 sets of figures, because {DATA} is not there")
    report("search", figures, peers=peers)


def munich_catalogue() -> Catalogue:
    """287 real services; the hidden ones are searched too."""
    folder = DATA / "munich-catalogue"
    return munich.read(folder / "services_de.json", folder / "locations_de.json").catalogue


def entries_of(catalogue: Catalogue) -> list[Entry]:
    """The services as the product indexes them."""
    return [entry(searchable(service), "de") for service in catalogue.services]


def keywords(catalogue: Catalogue) -> Truth:
    """Each distinct keyword, in lower case, with the services that carry it."""
    owners: dict[str, set[str]] = defaultdict(set)
    for service in catalogue.services:
        for word in service.keywords.de:
            owners[word.lower()].add(service.slug)
    return {word: frozenset(slugs) for word, slugs in owners.items()}


def without_keywords(entries: Iterable[Entry]) -> list[Entry]:
    """The same entries as if no editor had ever added a word."""
    return [replace(entry, synonyms=()) for entry in entries]


def share_found(index: Index, truth: Truth) -> float:
    """Percent of questions with a right service among the first three."""
    found = sum(
        not right.isdisjoint(hit.id for hit in index.search(question, limit=TOP).hits)
        for question, right in truth.items()
    )
    return round(100 * found / len(truth), 2)


def keyword_figures(
    catalogue: Catalogue, entries: list[Entry], dictionary: Dictionary
) -> dict[str, float]:
    """The bars of the issue."""
    truth, german = keywords(catalogue), German(dictionary)
    blind = without_keywords(entries)
    return {
        "questions": len(truth),
        "top3_share": share_found(Index.build(entries, german, everyday_words()), truth),
        "top3_blind": share_found(Index.build(blind, german, everyday_words()), truth),
    }


def plain_figures(
    catalogue: Catalogue, entries: list[Entry], dictionary: Dictionary
) -> dict[str, float]:
    """The peer: BM25 (stem, lemma, parts, title × 3) and n-grams, fused with constant 20."""
    truth, plain = keywords(catalogue), PlainGerman(dictionary)
    blind = without_keywords(entries)
    return {
        "top3_share": share_found(Index.build(names_as_text(entries), plain, (), PLAIN), truth),
        "top3_blind": share_found(Index.build(blind, plain, (), PLAIN), truth),
    }


def names_as_text(entries: Iterable[Entry]) -> list[Entry]:
    """Keywords as ordinary words of the text."""
    return [
        replace(entry, synonyms=(), texts=(*entry.texts, Text(", ".join(entry.synonyms))))
        for entry in entries
    ]


def print_ablation(catalogue: Catalogue, entries: list[Entry], dictionary: Dictionary) -> None:
    """What each means adds to the blind figure, one left out at a time."""
    truth, blind = keywords(catalogue), without_keywords(entries)
    german, words = German(dictionary), everyday_words()
    variants: list[tuple[str, German, Sequence[SynonymGroup], Settings]] = [
        ("everything", german, words, Settings()),
        ("without everyday words", german, (), Settings()),
        ("without word families", PlainGerman(dictionary), words, Settings()),
        ("without agreement of titles", german, words, Settings(agreement_weight=0)),
        ("without coverage", german, words, Settings(coverage_weight=0)),
        ("without weight of titles", german, words, Settings(title_weight=1)),
        ("fusion constant 20", german, words, Settings(fusion_constant=20)),
    ]
    print("ablation, keywords left out of the index")
    for name, language, synonyms, settings in variants:
        share = share_found(Index.build(blind, language, synonyms, settings), truth)
        print(f"  {name:<32} {share:>6.2f}")


def everyday_figures(dictionary: Dictionary) -> dict[str, float]:
    """Questions as people put them to Lindenfurt, and questions that have no business there."""
    catalogue = read_folder(LINDENFURT)
    groups = (*everyday_words(), *synonym_groups(group.words for group in catalogue.synonyms))
    index = Index.build(entries_of(catalogue), German(dictionary), groups)
    truth = {question: frozenset({slug}) for question, slug in EVERYDAY.items()}
    off_topic = [line.strip() for line in OFF_TOPIC.replace("\n", "·").split("·") if line.strip()]
    answered = sum(index.search(question).certain for question in off_topic)
    return {
        "everyday_top3": share_found(index, truth),
        "off_topic_answered": round(100 * answered / len(off_topic), 2),
    }


def many_entries(entries: Sequence[Entry], count: int) -> list[Entry]:
    """The catalogue again and again, each copy with words of Berlin's services and topics."""
    file = DATA / "berlin-catalogue" / "services_de.json"
    names = [record["name"] for record in json.loads(file.read_text(encoding="utf-8"))["data"]]
    return [
        replace(
            entries[number % len(entries)],
            id=str(number),
            title=f"{entries[number % len(entries)].title} {names[number % len(names)]}",
            texts=(*entries[number % len(entries)].texts, Text(names[number * 7 % len(names)])),
        )
        for number in range(count)
    ]


def speed_figures(
    catalogue: Catalogue, entries: list[Entry], dictionary: Dictionary, count: int
) -> dict[str, float]:
    """Milliseconds per question, seconds to build, memory."""
    small = seconds(lambda: Index.build(entries, German(dictionary), everyday_words()))
    crowd = many_entries(entries, count)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = time.perf_counter()
    index = Index.build(crowd, German(dictionary), everyday_words())
    built = time.perf_counter() - begin
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    questions = [*keywords(catalogue), *EVERYDAY]
    asked = [1000 * seconds(lambda q=q: index.search(q)) for q in questions]
    typed = [1000 * seconds(lambda q=q: index.search(q[:4], typing=True)) for q in questions]
    return {
        "entries": count,
        "p50_ms": round(percentile(asked, 0.5), 2),
        "p95_ms": round(percentile(asked, 0.95), 2),
        "typing_p95_ms": round(percentile(typed, 0.95), 2),
        "build_s": round(built, 2),
        "build_287_s": round(small, 2),
        "matrices_mb": round(index.nbytes / 1e6, 1),
        "memory_mb": round((after - before) / 1024, 1),
    }


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
