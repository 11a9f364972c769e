"""What people read when an answer is not right: one plain sentence that says what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Message = dict[str, str]
"""A sentence by language."""

_SENTENCES: Mapping[str, tuple[str, str]] = {
    "missing": ("Bitte füllen Sie „{label}“ aus.", "Please fill in “{label}”."),
    "missing_choice": (
        "Bitte wählen Sie bei „{label}“ eine Antwort.",
        "Please choose an answer for “{label}”.",
    ),
    "missing_file": (
        "Bitte laden Sie bei „{label}“ eine Datei hoch.",
        "Please upload a file for “{label}”.",
    ),
    "missing_declaration": ("Bitte bestätigen Sie: {label}", "Please confirm: {label}"),
    "unreadable": (
        "Bitte geben Sie „{label}“ noch einmal ein: Da sind Zeichen, die wir nicht lesen können.",
        "Please enter “{label}” again: it contains characters that we cannot read.",
    ),
    "too_short": (
        "„{label}“ braucht mindestens {limit} Zeichen.",
        "“{label}” needs at least {limit} characters.",
    ),
    "too_long": (
        "Bitte kürzen Sie „{label}“ auf höchstens {limit} Zeichen.",
        "Please shorten “{label}” to at most {limit} characters.",
    ),
    "not_a_number": (
        "Bitte geben Sie bei „{label}“ eine Zahl ein, zum Beispiel 12,50.",
        "Please enter a number for “{label}”, for example 12.50.",
    ),
    "not_whole": (
        "Bitte geben Sie bei „{label}“ eine ganze Zahl ein, zum Beispiel 12.",
        "Please enter a whole number for “{label}”, for example 12.",
    ),
    "too_many_decimals": (
        "Bitte geben Sie „{label}“ mit höchstens {limit} Stellen nach dem Komma an.",
        "Please give “{label}” with at most {limit} decimal places.",
    ),
    "too_small": ("„{label}“ muss mindestens {limit} sein.", "“{label}” must be at least {limit}."),
    "too_large": ("„{label}“ darf höchstens {limit} sein.", "“{label}” may be at most {limit}."),
    "not_a_day": (
        "Bitte geben Sie bei „{label}“ ein Datum mit vier Ziffern für das Jahr ein, "
        "zum Beispiel 22.11.2026.",
        "Please enter a date for “{label}” with a four-digit year, for example 22.11.2026.",
    ),
    "no_such_day": (
        "Den {limit} gibt es nicht. Bitte prüfen Sie „{label}“.",
        "There is no such day as {limit}. Please check “{label}”.",
    ),
    "too_early": (
        "„{label}“ darf nicht vor dem {limit} liegen.",
        "“{label}” must not be before {limit}.",
    ),
    "too_late": (
        "„{label}“ darf nicht nach dem {limit} liegen.",
        "“{label}” must not be after {limit}.",
    ),
    "too_early_by_today": (
        "„{label}“ darf nicht in der Vergangenheit liegen.",
        "“{label}” must not be in the past.",
    ),
    "too_late_by_today": (
        "„{label}“ darf nicht in der Zukunft liegen.",
        "“{label}” must not be in the future.",
    ),
    "not_an_option": (
        "Bitte wählen Sie bei „{label}“ eine der Antworten.",
        "Please choose one of the answers for “{label}”.",
    ),
    "too_few_options": (
        "Zu wenige Antworten bei „{label}“: Bitte wählen Sie mindestens {limit}.",
        "Too few answers for “{label}”: please choose at least {limit}.",
    ),
    "too_many_options": (
        "Zu viele Antworten bei „{label}“: Bitte wählen Sie höchstens {limit}.",
        "Too many answers for “{label}”: please choose at most {limit}.",
    ),
    "address_incomplete": (
        "Bitte geben Sie bei „{label}“ Straße, Hausnummer, Postleitzahl und Ort an.",
        "Please give the street, house number, postcode and town for “{label}”.",
    ),
    "address_postcode": (
        "Bitte prüfen Sie die Postleitzahl bei „{label}“: Sie hat vier oder fünf Ziffern.",
        "Please check the postcode of “{label}”: it has four or five digits.",
    ),
    "address_not_listed": (
        "Bitte suchen Sie „{label}“ im Adressverzeichnis der Stadt und wählen Sie einen Treffer.",
        "Please search for “{label}” in the city’s address register and choose a result.",
    ),
    "not_an_iban": (
        "Bitte prüfen Sie „{label}“. So sieht eine IBAN aus: AT61 1904 3002 3457 3201.",
        "Please check “{label}”. This is what an IBAN looks like: AT61 1904 3002 3457 3201.",
    ),
    "not_an_email": (
        "Bitte geben Sie bei „{label}“ eine E-Mail-Adresse ein, zum Beispiel name@beispiel.at.",
        "Please enter an e-mail address for “{label}”, for example name@example.at.",
    ),
    "not_a_phone": (
        "Bitte geben Sie bei „{label}“ eine Telefonnummer ein, zum Beispiel +43 660 1234567.",
        "Please enter a phone number for “{label}”, for example +43 660 1234567.",
    ),
    "too_many_files": (
        "Zu viele Dateien bei „{label}“: Bitte lassen Sie höchstens {limit} stehen.",
        "Too many files for “{label}”: please keep at most {limit}.",
    ),
    "too_few_rows": (
        "Bitte fügen Sie bei „{label}“ mindestens {limit} Mal „{item}“ hinzu.",
        "Please add “{item}” at least {limit} times to “{label}”.",
    ),
    "too_many_rows": (
        "Bei „{label}“ ist höchstens {limit} Mal „{item}“ möglich.",
        "“{item}” is possible at most {limit} times in “{label}”.",
    ),
}
LANGUAGES = ("de", "en")


def in_all(write: Callable[[str], str]) -> Message:
    """What `write` makes in each language."""
    return {language: write(language) for language in LANGUAGES}


def message(
    key: str,
    label: Mapping[str, str],
    *,
    limit: Message | str | int = "",
    item: Mapping[str, str] | None = None,
) -> Message:
    """The sentence for this mistake in all languages; the label of the question stands inside."""
    return {
        language: sentence.format(
            label=label.get(language, label["de"]),
            limit=limit[language] if isinstance(limit, dict) else limit,
            item=(item or label).get(language, (item or label)["de"]),
        )
        for language, sentence in zip(LANGUAGES, _SENTENCES[key], strict=True)
    }
