"""The pages: what a citizen sees at once, and what nobody else may see."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rathaus.accounts.queries import actor_of
from rathaus.audit import queries, verify
from rathaus.audit.actions import examine, record, refused, seal
from rathaus.audit.models import Act, Entry
from rathaus.audit.occurrences import LOOK
from rathaus.audit.queries import who_looked
from rathaus.audit.views import harmless
from rathaus.core.actor import SYSTEM
from rathaus.core.errors import Attempt, NotAllowed
from rathaus.core.transaction import unit_of_work

MINE = "/konto/einsicht/"
DECIDED = "Über Ihr Anliegen wurde entschieden"
LATELY = "In den letzten 30 Tagen"


def occurrences(person, **wanted):
    return queries.occurrences_about(by=actor_of(person), **wanted).items


def proofs_on(page: str) -> list[int]:
    """The numbers of the entries whose proofs a page offers, in their order."""
    return [int(number) for number in re.findall(rf'"{MINE}(\d+)/beweis.json"', page)]


def text_of(response) -> str:
    assert response.status_code == 200, response.content
    return response.content.decode()


def test_a_read_appears_at_once(anna, anna_client, staff_client, clerk):
    from rathaus.accounts.models import Person
    from rathaus.audit.reading import reading

    assert "Bisher hat niemand" in text_of(anna_client.get(MINE))
    with reading(by=clerk, did="audit.tested", case="BS-2026-000007", why="Bearbeitung"):
        Person.objects.get(pk=anna.pk)

    page = text_of(anna_client.get(MINE))
    assert "Ihre Daten wurden angesehen" in page
    assert "Buergerservice" in page
    assert "BS-2026-000007" in page
    assert "Bearbeitung" in page


def test_writes_and_refusals_appear_too(anna, bert, anna_client, write):
    write(1, about=[anna.id], did="audit.tested", case="BS-1")
    refused(by=actor_of(bert), attempt=Attempt("cases.read", about=[anna.id]))
    page = text_of(anna_client.get(MINE))
    assert "Mit Ihren Daten wurde gearbeitet (" in page
    assert "Ein Zugriff auf Ihre Daten wurde abgewiesen (" in page
    assert "Jemand von außerhalb der Verwaltung" in page


def test_nothing_about_third_persons_leaks(anna, bert, anna_client, clerk, write):
    write(1, about=[anna.id, bert.id], why="wegen Bert Bauer", details={"note": "heikel"})
    write(1, about=[bert.id], case="BS-9999", why="nur Bert")
    refused(by=actor_of(bert), attempt=Attempt("cases.read", about=[anna.id]))
    seal()
    pages = text_of(anna_client.get(MINE)) + text_of(anna_client.get(f"{MINE}1/beweis.json"))
    table = anna_client.get(f"{MINE}einsicht.csv")
    pages += b"".join(table.streaming_content).decode()

    secrets = [str(bert.id), "Bert", "heikel", "BS-9999", str(clerk.person), clerk.name]
    for secret in secrets:
        at = pages.find(secret)
        assert at == -1, pages[max(at - 200, 0) : at + 100]
    assert anna_client.get(f"{MINE}2/beweis.json").status_code == 404


def test_a_reason_is_shown_where_it_concerns_nobody_else(anna, bert, write):
    write(1, about=[anna.id], why="Umzug")
    write(1, about=[anna.id, bert.id], why="Umzug mit Bert")
    [told] = occurrences(anna)
    assert told.reasons == ["Umzug"]
    assert [(line.why, line.act, line.office) for line in told.lines] == [
        ("", Act.CHANGE, "Buergerservice"),
        ("Umzug", Act.CHANGE, "Buergerservice"),
    ]


def test_who_acted_is_told_by_kind(anna, clerk):
    with unit_of_work():
        record(by=actor_of(anna), did="a", about=[anna.id])
        record(by=SYSTEM, did="a", about=[anna.id])
    assert [(told.office, told.own) for told in occurrences(anna, with_own=True)] == [
        ("automatisch", False),
        ("Sie selbst", True),
    ]
    assert [told.office for told in occurrences(anna)] == ["automatisch"]


def test_a_look_is_what_the_trail_calls_a_read():
    assert LOOK == Act.READ


def test_one_click_is_told_once_with_every_entry_and_its_proof(anna, anna_client, clerk, write):
    write(1, about=[anna.id], case="BS-1", did="cases.decided")
    for _page in range(2):
        write(1, about=[anna.id], case="BS-1", did="cases.read", act=Act.READ)

    [told] = occurrences(anna)
    page = text_of(anna_client.get(MINE))

    assert (told.act, told.sentences, told.times) == (Act.CHANGE, [DECIDED], 1)
    assert [line.seq for line in told.lines] == [3, 2, 1]
    assert page.count(f"<p>{DECIDED}</p>") == 1
    assert "<p>Ihr Anliegen wurde angesehen</p>" not in page
    assert proofs_on(page) == [3, 2, 1]
    table = b"".join(anna_client.get(f"{MINE}einsicht.csv").streaming_content).decode()
    assert [row.split(";")[2] for row in table.splitlines()[1:]] == [
        "angesehen",
        "angesehen",
        "bearbeitet",
    ]


def test_the_gravest_act_stands_for_an_occurrence(anna, write):
    write(1, about=[anna.id], did="cases.decided")
    write(1, about=[anna.id], did="cases.decided", act=Act.REFUSED)
    [told] = occurrences(anna)
    assert (told.act, len(told.sentences)) == (Act.REFUSED, 2)


def test_pages_go_on_where_the_last_one_ended(anna, anna_client, write):
    for number in range(30):
        write(2, about=[anna.id], case=f"BS-{number}")
    first = queries.occurrences_about(by=actor_of(anna))
    assert (len(first.items), first.older) == (25, 11)
    page = text_of(anna_client.get(MINE))
    assert proofs_on(page) == list(range(60, 10, -1))
    assert 'href="?vor=11"' in page
    last = text_of(anna_client.get(f"{MINE}?vor=11"))
    assert proofs_on(last) == list(range(10, 0, -1))
    assert "Ältere Zugriffe" not in last
    assert LATELY not in last


def test_a_page_of_endless_looks_ends_as_well_and_nothing_is_lost(anna, write, monkeypatch):
    monkeypatch.setattr(who_looked, "MOST_ENTRIES", 10)
    write(25, about=[anna.id], did="cases.inbox", act=Act.READ)
    seen, before = [], None
    for _page in range(3):
        page = queries.occurrences_about(by=actor_of(anna), before=before)
        [told] = page.items
        seen += [line.seq for line in told.lines]
        before = page.older
    assert (seen, before) == (list(range(25, 0, -1)), None)


def test_what_they_did_themself_is_asked_for(anna, anna_client, write):
    with unit_of_work():
        record(by=actor_of(anna), did="cases.opened", case="BS-1", about=[anna.id])
    only_own = text_of(anna_client.get(MINE))
    assert "Bisher hat niemand Ihre Daten angesehen" in only_own
    write(30, about=[anna.id], case="BS-1")

    others = text_of(anna_client.get(MINE))
    everybody = text_of(anna_client.get(f"{MINE}?auch=eigenes"))

    assert ("Sie selbst" in others, proofs_on(others)) == (False, list(range(31, 1, -1)))
    assert ("Sie selbst" in everybody, proofs_on(everybody)) == (True, list(range(31, 0, -1)))
    assert proofs_on(text_of(anna_client.get(f"{MINE}?auch=alles"))) == list(range(31, 1, -1))


def test_all_filters_stay_on_the_older_page(anna, anna_client, write, monkeypatch):
    monkeypatch.setattr(who_looked, "MOST_ENTRIES", 1)
    write(2, about=[anna.id], case="BS-1")
    page = text_of(anna_client.get(f"{MINE}?auch=eigenes&anliegen=BS-1"))
    assert 'href="?anliegen=BS-1&amp;auch=eigenes&amp;vor=2"' in page
    assert f'href="{MINE}?anliegen=BS-1"' in page
    assert f'href="{MINE}?auch=eigenes&amp;anliegen=BS-1"' in page


def test_the_offices_of_the_last_days_are_named_first(anna, anna_client, clerk, write):
    write(1, about=[anna.id], case="BS-1")
    assert text_of(anna_client.get(MINE)).count("hat eine Stelle auf Ihre Daten zugegriffen:") == 1
    with unit_of_work():
        record(by=replace(clerk, office=""), did="cases.read", about=[anna.id], act=Act.READ)
    refused(by=replace(clerk, office="Abgewiesen"), attempt=Attempt("a", about=[anna.id]))
    with unit_of_work():
        record(by=SYSTEM, did="a", about=[anna.id])

    visits = queries.offices_lately(by=actor_of(anna))
    assert [visit.office for visit in visits] == ["Stadtverwaltung", "Buergerservice"]
    assert "haben 2 Stellen auf Ihre Daten zugegriffen:" in text_of(anna_client.get(MINE))
    of_one_case = queries.offices_lately(by=actor_of(anna), case="BS-1")
    assert [visit.office for visit in of_one_case] == ["Buergerservice"]


def test_what_is_long_past_is_not_lately(anna, anna_client, write, monkeypatch):
    write(1, about=[anna.id])
    past = Entry.objects.get().at
    monkeypatch.setattr(who_looked, "now", lambda: past + timedelta(days=30, seconds=1))
    assert queries.offices_lately(by=actor_of(anna)) == []
    assert "hat keine Stelle auf Ihre Daten zugegriffen." in text_of(anna_client.get(MINE))
    monkeypatch.setattr(who_looked, "now", lambda: past + timedelta(days=30))
    assert len(queries.offices_lately(by=actor_of(anna))) == 1


def test_days_have_their_heading(anna, anna_client, write, monkeypatch):
    monkeypatch.setattr(
        "rathaus.audit.actions.now", lambda: datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    )
    write(1, about=[anna.id])
    monkeypatch.undo()
    write(1, about=[anna.id])
    page = text_of(anna_client.get(MINE))
    assert re.findall(r'id="tag-\d">([^<]+)<', page) == ["Heute", "02.03.2026"]


def test_nobody_in_particular_has_no_lines():
    with pytest.raises(NotAllowed):
        queries.occurrences_about(by=SYSTEM)


@pytest.mark.usefixtures("still_clock")
def test_a_page_takes_few_queries(anna, anna_client, write, django_assert_max_num_queries):
    for number in range(30):
        write(2, about=[anna.id], case=f"BS-{number}")
    anna_client.get("/audit/")
    with CaptureQueriesContext(connection) as signed_in:
        anna_client.get("/audit/verify.py")
    with django_assert_max_num_queries(len(signed_in) + 6):
        anna_client.get(MINE)


@pytest.mark.parametrize("cursor", ["0", "-1", "x", "9" * 40, "%00", ""])
def test_a_cursor_that_is_none_is_the_beginning(anna, anna_client, write, cursor):
    write(1, about=[anna.id], did="audit.tested")
    assert "Mit Ihren Daten" in text_of(anna_client.get(f"{MINE}?vor={cursor}"))


def test_only_the_person_may_look(client, staff_client):
    assert client.get(MINE).status_code == 302
    assert staff_client.get(MINE).status_code == 403


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"), (" =1", "' =1"), ("+1", "'+1"), ("-1", "'-1"), ("@A", "'@A"),
        ("\tx", "'\tx"), ("\rx", "'\rx"), ("BS-1", "BS-1"), ("", ""), ("a=b", "a=b"),
    ],
)  # fmt: skip
def test_cells_are_no_formulas(cell, safe):
    assert harmless(cell) == safe


def test_the_table_opens_in_a_spreadsheet(anna, anna_client, write):
    write(1, about=[anna.id], why='=HYPERLINK("x";1)', case="BS-1")
    response = anna_client.get(f"{MINE}einsicht.csv")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(response.streaming_content).decode()
    head, row = text.removeprefix("\ufeff").splitlines()
    assert head == "Zeit;Was;Art;Stelle;Anliegen;Grund"
    assert row.endswith(''';bearbeitet;Buergerservice;BS-1;"'=HYPERLINK(""x"";1)"''')


def test_everybody_can_check(client, anna, anna_client, write):
    assert "Der erste Fingerabdruck" in text_of(client.get("/audit/"))
    write(3, about=[anna.id])
    root = seal()
    examine()
    page = text_of(client.get("/audit/"))
    assert root.fingerprint in page
    assert "Die letzte Prüfung war in Ordnung." in page

    roots = json.loads(text_of(client.get("/audit/wurzeln.json")))["roots"]
    proof = json.loads(text_of(anna_client.get(f"{MINE}2/beweis.json")))
    assert verify.check_proof(proof, roots) == []
    compile(text_of(client.get("/audit/verify.py")), "verify.py", "exec")
    assert client.get("/audit/zuwachs/3-3.json").status_code == 200
    assert client.get("/audit/zuwachs/1-3.json").status_code == 404


def test_a_young_entry_has_no_proof_yet(anna, anna_client, write):
    write(1, about=[anna.id])
    assert anna_client.get(f"{MINE}1/beweis.json").status_code == 409


def test_auditors_see_the_trail_but_not_whose_data(anna, staff_client, write, clerk):
    write(60, about=[anna.id], case="BS-1", did="cases.decided")
    refused(by=actor_of(anna), attempt=Attempt("cases.read"))
    write(1, did="cases.closed", case="BS-2")
    page = text_of(staff_client.get("/amt/protokoll/"))
    assert "cases.closed" in page
    assert str(anna.id) not in page
    assert "vor=" in page
    filtered = text_of(staff_client.get("/amt/protokoll/?anliegen=BS-2&was=cases&art=change"))
    assert "cases.closed" in filtered
    assert "cases.decided" not in filtered
    assert "cases.closed" in text_of(staff_client.get(f"/amt/protokoll/?wer={clerk.person}"))
    assert "Nichts gefunden" in text_of(staff_client.get(f"/amt/protokoll/?wer={anna.id}"))
    nothing = text_of(staff_client.get("/amt/protokoll/?wer=no-uuid&anliegen=BS-3"))
    assert "Diese Kennung gibt es nicht." in nothing
    assert "Nichts gefunden" in nothing


def test_auditors_take_the_trail_with_them(anna, staff_client, anna_client, write):
    write(2, about=[anna.id])
    response = staff_client.get("/amt/protokoll/export.jsonl")
    lines = b"".join(response.streaming_content).decode().splitlines()
    assert verify.check_trail(lines, []) == []
    assert [json.loads(line)["did"] for line in lines] == [
        "cases.decided",
        "cases.decided",
        "audit.exported",
    ]
    assert anna_client.get("/amt/protokoll/export.jsonl").status_code == 403
    assert Entry.objects.last().act == Act.REFUSED


def test_the_deeds_of_domains_are_their_own_words(monkeypatch):
    from rathaus.core import domain

    told = domain.Domain(slug="x", name="Bereich X", deeds={"x.did": "Es wurde getan"})
    monkeypatch.setitem(domain._domains, "x", told)
    assert queries.sentence("x.did", Act.CHANGE) == "Es wurde getan"
    assert queries.sentence("x.did", Act.REFUSED).startswith("Ein Zugriff")
    assert queries.sentence("x.other", Act.READ) == "Ihre Daten wurden angesehen (Bereich X)"
    assert queries.sentence("y.other", Act.READ) == "Ihre Daten wurden angesehen"


@pytest.mark.parametrize("name", ["public", "roots", "verifier"])
def test_public_pages_need_no_sign_in(client, db, name):
    assert client.get(reverse(f"audit:{name}")).status_code == 200


def test_the_lines_of_one_case_can_be_read_alone(anna, anna_client, write):
    write(1, about=[anna.id], did="audit.tested", case="BS-1")
    write(1, about=[anna.id], did="audit.tested", case="BS-2")

    page = text_of(anna_client.get(MINE, {"anliegen": "BS-1"}))

    assert proofs_on(page) == [1]
    assert "Nur zum Anliegen BS-1." in page
    assert "BS-2" not in page
    assert "Bisher hat niemand" in text_of(anna_client.get(MINE, {"anliegen": "BS-3"}))
