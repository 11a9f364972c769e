"""What banks write beyond the samples, and what is no bank's file: each fault with its line."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rathaus.core.money import Money
from rathaus.payments.camt import BadStatement, Fault, Kind, documents_in, movements, read_message
from rathaus.payments.camt.archive import MOST_DOCUMENTS
from rathaus.payments.camt.document import LARGEST
from rathaus.payments.camt.movements import Movement
from rathaus.payments.tests.camt_files import archive, detail, document, entry

PLAIN = document(entry("12.50", detail(text="Hundeabgabe", end_to_end="NOTPROVIDED")))
LAUGHS = (
    '<!DOCTYPE Document [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>\n'
)


def read(content: bytes) -> list[Movement]:
    return [one for statement in read_message(content).statements for one in movements(statement)]


def read_all(content: bytes) -> list[Movement]:
    return [movement for _name, part in documents_in(content) for movement in read(part)]


def lines_told(content: bytes) -> list[int]:
    """The lines to which a reading, or a named fault, points."""
    try:
        return [movement.line for movement in read_all(content)]
    except BadStatement as bad:
        return [bad.line]


def refusal(content: bytes) -> tuple[Fault, int, str]:
    with pytest.raises(BadStatement) as refused:
        read_all(content)
    return refused.value.fault, refused.value.line, refused.value.word


def test_a_payment_is_read_with_all_that_helps_to_recognise_it() -> None:
    [movement] = read(
        document(
            entry(
                "1234.5",
                detail(
                    structured=("RF18 5390 0754 7034", "RF45G72UUR"),
                    end_to_end="E2E-1",
                    text=("Hunde", "abgabe  2026"),
                    bank_id="D-1",
                ),
                bank_id="B-1",
            )
        )
    )
    assert movement.kind is Kind.RECEIPT
    assert movement.amount == Money(123_450)
    assert movement.booked_on == date(2026, 3, 2)
    assert movement.structured == ("RF18 5390 0754 7034", "RF45G72UUR")
    assert movement.end_to_end == "E2E-1"
    assert movement.texts == ("Hunde", "abgabe 2026")
    assert (movement.party, movement.party_account) == ("Erika Zahlerin", "AT022050302101023600")
    assert movement.bank_ids == ("entry B-1", "AcctSvcrRef D-1")
    assert movement.code == "PMNT-RCDT-ESCT"


def test_no_end_to_end_id_is_none() -> None:
    assert read(PLAIN)[0].end_to_end == ""


def test_the_text_of_the_entry_counts_where_the_payment_has_none() -> None:
    line = entry("5.00", detail()).replace("</Ntry>", "<AddtlNtryInf>Miete</AddtlNtryInf></Ntry>")
    assert read(document(line))[0].texts == ("Miete",)


@pytest.mark.parametrize("status", ["PDNG", "INFO", "FUTR"])
@pytest.mark.parametrize("spelling", ["<Sts>{}</Sts>", "<Sts><Cd>{}</Cd></Sts>"])
def test_only_what_is_booked_counts(status: str, spelling: str) -> None:
    booked = "<Sts><Cd>BOOK</Cd></Sts>"
    line = entry("5.00", detail())
    assert read(document(line.replace(booked, spelling.format(status)))) == []
    assert len(read(document(line.replace(booked, spelling.format("BOOK"))))) == 1


@pytest.mark.parametrize("version", ["08", "13"])
@pytest.mark.parametrize("form", ["052", "053", "054"])
def test_later_versions_and_all_forms_are_read(form: str, version: str) -> None:
    [movement] = read(document(entry("5.00", detail()), form=form, version=version))
    assert movement.amount == Money(500)


@pytest.mark.parametrize("day", ["2026-03-02", "2026-03-02+01:00", "2026-03-02T23:30:00.000+01:00"])
def test_days_are_those_of_the_banks_calendar(day: str) -> None:
    assert read(document(entry("5.00", detail(), day=day)))[0].booked_on == date(2026, 3, 2)


def test_a_batch_is_cut_into_its_payments() -> None:
    line = entry("30.00", detail(amount="10.00"), detail(amount="20.00"), batch="B")
    assert [(one.amount, one.is_whole) for one in read(document(line))] == [
        (Money(1_000), False),
        (Money(2_000), False),
    ]


@pytest.mark.parametrize(
    "details",
    [
        (detail(amount="10.00"), detail(amount="19.99")),
        (detail(amount="10.00"), detail()),
        (),
    ],
    ids=["another sum", "one without amount", "none told"],
)
def test_a_batch_that_does_not_add_up_stays_one_entry(details: tuple[str, ...]) -> None:
    [whole] = read(document(entry("30.00", *details, batch="B")))
    assert (whole.amount, whole.is_whole, whole.is_unsplit) == (Money(3_000), True, True)


def test_a_batch_in_another_currency_is_not_guessed_at() -> None:
    foreign = detail(amount="10.00").replace('Ccy="EUR"', 'Ccy="CHF"')
    [whole] = read(document(entry("20.00", foreign, foreign, batch="B")))
    assert whole.is_unsplit


@pytest.mark.parametrize(
    ("line", "kind", "cents"),
    [
        (entry("5.00", detail(), sign="DBIT"), Kind.PAYOUT, -500),
        (entry("5.00", sign="DBIT", code="CHRG"), Kind.CHARGE, -500),
        (entry("5.00", detail(), code="RRTN"), Kind.RETURN, 500),
        (entry("5.00", detail(more="<RtrInf/>")), Kind.RETURN, 500),
        (
            entry("5.00", detail(), sign="DBIT", more="<RvslInd>true</RvslInd>"),
            Kind.RETURN,
            -500,
        ),
        (entry("0.00", detail()), Kind.NOTHING, 0),
    ],
)
def test_what_is_no_receipt_is_of_a_kind_of_its_own(line: str, kind: Kind, cents: int) -> None:
    [movement] = read(document(line))
    assert (movement.kind, movement.amount.cents) == (kind, cents)


@pytest.mark.parametrize(
    ("amount", "cents"), [("8.85000", 885), ("+7", 700), ("0007.1", 710), ("7.", 700)]
)
def test_amounts_are_exact(amount: str, cents: int) -> None:
    assert read(document(entry(amount, detail())))[0].amount == Money(cents)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", (Fault.EMPTY, 0, "")),
        (b" \n", (Fault.EMPTY, 0, "")),
        (PLAIN[:400], (Fault.NOT_XML, 5, "")),
        (b"%PDF-1.7", (Fault.NOT_XML, 1, "")),
        (b"<html/>", (Fault.OTHER_MESSAGE, 1, "html")),
        (PLAIN.replace(b"camt.053", b"pain.001"), (Fault.OTHER_MESSAGE, 2, "BkToCstmrStmt")),
        (PLAIN.replace(b"camt.053", b"camt.054"), (Fault.OTHER_MESSAGE, 3, "BkToCstmrStmt")),
        (document(head=LAUGHS), (Fault.FORBIDDEN, 2, "")),
        (
            document(head='<!DOCTYPE Document SYSTEM "file:///etc/passwd">\n'),
            (Fault.FORBIDDEN, 2, ""),
        ),
        (
            document(head='<!DOCTYPE Document SYSTEM "https://example.org/x.dtd">\n')
            .decode()
            .replace("UTF-8", "UTF-16")
            .encode("utf-16"),
            (Fault.FORBIDDEN, 1, ""),
        ),
        (document(entry("5.001", detail())), (Fault.TOO_FINE, 5, "5.001")),
        (document(entry("-5.00", detail())), (Fault.BAD_AMOUNT, 5, "-5.00")),
        (document(entry("5,00", detail())), (Fault.BAD_AMOUNT, 5, "5,00")),
        (document(entry("1" * 14, detail())), (Fault.BAD_AMOUNT, 5, "1" * 14)),
        (document(entry("5.00", currency="XYZ")), (Fault.UNKNOWN_CURRENCY, 5, "XYZ")),
        (document(entry("5.00", sign="PLUS")), (Fault.BAD_WORD, 5, "PLUS")),
        (document(entry("5.00", more="<RvslInd>ja</RvslInd>")), (Fault.BAD_WORD, 5, "ja")),
        (document(entry("5.00", day="2026-02-30")), (Fault.BAD_DATE, 5, "2026-02-30")),
        (document(entry("5.00", day="gestern")), (Fault.BAD_DATE, 5, "gestern")),
        (document(account=""), (Fault.MISSING, 4, "Id")),
        (PLAIN.replace(b"<Id>AZ-1</Id>", b""), (Fault.MISSING, 4, "Id")),
        (
            PLAIN.replace(b"<Sts><Cd>BOOK</Cd></Sts>", b""),
            (Fault.MISSING, 5, "Sts"),
        ),
    ],
)
def test_faults_are_named_with_line_and_word(
    content: bytes, expected: tuple[Fault, int, str]
) -> None:
    assert refusal(content) == expected


def test_more_than_the_house_takes_is_refused_unread() -> None:
    assert refusal(b"<" * (LARGEST + 1)) == (Fault.TOO_LARGE, 0, "")


def test_an_archive_is_read_document_by_document() -> None:
    packed = archive({"b.xml": PLAIN, "a.xml": document(), "__MACOSX/a.xml": b"x"})
    assert [name for name, _content in documents_in(packed)] == ["a.xml", "b.xml"]


@pytest.mark.parametrize(
    ("packed", "fault"),
    [
        (archive({}), Fault.NO_DOCUMENT),
        (archive({"a.xml": PLAIN})[:-30], Fault.BROKEN_ARCHIVE),
        (archive({"a.xml": b" " * 20_000_000}), Fault.SWOLLEN_ARCHIVE),
        (
            archive({f"{number}.xml": b"x" for number in range(MOST_DOCUMENTS + 1)}),
            Fault.SWOLLEN_ARCHIVE,
        ),
        (archive({"inner.zip": archive({"a.xml": PLAIN})}), Fault.NOT_XML),
    ],
    ids=["empty", "cut off", "bomb", "too many", "nested"],
)
def test_archives_stay_in_bounds(packed: bytes, fault: Fault) -> None:
    assert refusal(packed)[0] is fault


def test_a_locked_archive_is_named() -> None:
    packed = bytearray(archive({"a.xml": PLAIN}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.index(mark) + place] |= 1
    assert refusal(bytes(packed))[0] is Fault.LOCKED_ARCHIVE


RICH = document(
    entry("30.00", detail(amount="10.00"), detail(amount="20.00"), batch="B", bank_id="X"),
    entry("5.00", detail(structured="RF18539007547034", text="Ä", end_to_end="E")),
)


@given(st.data())
def test_a_mutated_file_is_a_reading_or_a_named_fault(data: st.DataObject) -> None:
    content = bytearray(RICH)
    for _count in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        length = data.draw(st.sampled_from([0, 0, 1, 7, 40]))
        content[place : place + length] = data.draw(st.binary(max_size=8))
    known = range(content.count(b"\n") + 2)  # 0 where a fault has none
    assert set(lines_told(bytes(content))) <= set(known)
