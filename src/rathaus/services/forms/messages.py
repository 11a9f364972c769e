"""What people read when an answer is not right: one plain sentence that says what to do."""

from __future__ import annotations

from collections.abc import Mapping

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
        "„{label}“ enthält Zeichen, die nicht erlaubt sind.",
        "“{label}” contains characters that are not allowed.",
    ),
    "too_short": (
        "„{label}“ braucht mindestens {limit} Zeichen.",
        "“{label}” needs at least {limit} characters.",
    ),
    "too_long": (
        "„{label}“ darf höchstens {limit} Zeichen haben.",
        "“{label}” may have at most {limit} characters.",
    ),
    "not_a_number": (
        "Bitte geben Sie bei „{label}“ eine Zahl ein.",
        "Please enter a number for “{label}”.",
    ),
    "not_whole": (
        "Bitte geben Sie bei „{label}“ eine ganze Zahl ein.",
        "Please enter a whole number for “{label}”.",
    ),
    "too_many_decimals": (
        "„{label}“ darf höchstens {limit} Nachkommastellen haben.",
        "“{label}” may have at most {limit} decimals.",
    ),
    "too_small": ("„{label}“ muss mindestens {limit} sein.", "“{label}” must be at least {limit}."),
    "too_large": ("„{label}“ darf höchstens {limit} sein.", "“{label}” may be at most {limit}."),
    "not_a_day": (
        "Bitte geben Sie bei „{label}“ ein Datum ein, zum Beispiel 22.11.2026.",
        "Please enter a date for “{label}”, for example 22.11.2026.",
    ),
    "too_early": (
        "„{label}“ darf nicht vor dem {limit} liegen.",
        "“{label}” must not be before {limit}.",
    ),
    "too_late": (
        "„{label}“ darf nicht nach dem {limit} liegen.",
        "“{label}” must not be after {limit}.",
    ),
    "not_an_option": (
        "Bitte wählen Sie bei „{label}“ eine der Antworten.",
        "Please choose one of the answers for “{label}”.",
    ),
    "too_few_options": (
        "Bitte wählen Sie bei „{label}“ mindestens {limit} Antworten.",
        "Please choose at least {limit} answers for “{label}”.",
    ),
    "too_many_options": (
        "Bitte wählen Sie bei „{label}“ höchstens {limit} Antworten.",
        "Please choose at most {limit} answers for “{label}”.",
    ),
    "address_incomplete": (
        "Bitte geben Sie bei „{label}“ Straße, Hausnummer, Postleitzahl und Ort an.",
        "Please give street, number, postcode and place for “{label}”.",
    ),
    "address_postcode": (
        "Die Postleitzahl bei „{label}“ hat vier oder fünf Ziffern.",
        "The postcode of “{label}” has four or five digits.",
    ),
    "address_not_listed": (
        "Bitte wählen Sie bei „{label}“ eine Adresse aus dem Verzeichnis der Stadt.",
        "Please choose an address from the city’s list for “{label}”.",
    ),
    "not_an_iban": (
        "Die IBAN stimmt nicht. Bitte prüfen Sie „{label}“, zum Beispiel AT61 1904 3002 3457 3201.",
        "The IBAN is not correct. Please check “{label}”, for example AT61 1904 3002 3457 3201.",
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
        "Bei „{label}“ sind höchstens {limit} Dateien möglich.",
        "“{label}” takes at most {limit} files.",
    ),
    "too_few_rows": (
        "Bitte fügen Sie bei „{label}“ mindestens {limit} Mal „{item}“ hinzu.",
        "Please add at least {limit} × “{item}” to “{label}”.",
    ),
    "too_many_rows": (
        "Bei „{label}“ ist höchstens {limit} Mal „{item}“ möglich.",
        "“{label}” takes at most {limit} × “{item}”.",
    ),
}
LANGUAGES = ("de", "en")


def message(
    key: str, label: Mapping[str, str], *, limit: object = "", item: Mapping[str, str] | None = None
) -> Message:
    """The sentence for this mistake in all languages; the label of the question stands inside."""
    return {
        language: sentence.format(
            label=label.get(language, label["de"]),
            limit=limit,
            item=(item or label).get(language, (item or label)["de"]),
        )
        for language, sentence in zip(LANGUAGES, _SENTENCES[key], strict=True)
    }
