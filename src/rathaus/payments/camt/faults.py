"""Why a bank's file is not taken: one named fault, with the line where it is known."""

from enum import StrEnum


class Fault(StrEnum):
    """What is wrong with a file."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_XML = "not_xml"
    FORBIDDEN = "forbidden"
    OTHER_MESSAGE = "other_message"
    NO_STATEMENT = "no_statement"
    MISSING = "missing"
    BAD_WORD = "bad_word"
    BAD_AMOUNT = "bad_amount"
    TOO_FINE = "too_fine"
    UNKNOWN_CURRENCY = "unknown_currency"
    BAD_DATE = "bad_date"
    BROKEN_ARCHIVE = "broken_archive"
    LOCKED_ARCHIVE = "locked_archive"
    SWOLLEN_ARCHIVE = "swollen_archive"
    NO_DOCUMENT = "no_document"


class BadStatement(ValueError):
    """A file that holds nothing usable; `line` is 0 where there is none, `word` what stands there.

    `document` names the part of an archive that has the fault.
    """

    def __init__(self, fault: Fault, line: int = 0, word: str = "", document: str = "") -> None:
        self.fault = fault
        self.line = line
        self.word = word[:80]
        self.document = document
        super().__init__(f"{fault} {line} {self.word}")
