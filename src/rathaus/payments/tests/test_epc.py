"""The code for a bank transfer: read back by a decoder of somebody else's, field by field."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.qr_codes import scanned

from rathaus.core.money import Money
from rathaus.payments.epc import LONGEST_PAYLOAD, MOST_CENTS, Transfer, epc_code, epc_payload
from rathaus.payments.references import MOST, printed_reference, reference_of

GOOD = Transfer(
    "Stadt Lindenfurt", "AT939999900001234567", "LINFAT2LXXX", Money(4730), reference_of(77)
)


def changed(**changes) -> Transfer:
    return Transfer(**{**vars(GOOD), **changes})


def decoded(transfer: Transfer) -> str:
    picture = io.BytesIO()
    epc_code(transfer).save(picture, kind="png", scale=4, border=4)
    return scanned(picture)


def test_the_payload_line_by_line() -> None:
    assert epc_payload(GOOD).split("\n") == [
        "BCD",
        "002",
        "1",
        "SCT",
        "LINFAT2LXXX",
        "Stadt Lindenfurt",
        "AT939999900001234567",
        "EUR47.30",
        "",
        reference_of(77),
    ]


def test_a_decoder_reads_the_same_fields() -> None:
    assert decoded(GOOD) == epc_payload(GOOD)
    assert decoded(changed(bic="")) == epc_payload(changed(bic=""))
    assert epc_code(GOOD).error == "M"


@pytest.mark.parametrize("length", range(1, 71, 3))
def test_the_code_is_made_as_the_guideline_wants(length: int) -> None:
    code = epc_code(changed(name="Ä" * length))
    assert (code.error, code.mode) == ("M", "byte")


def test_the_largest_amount_is_one() -> None:
    assert "EUR999999999.99" in epc_payload(changed(amount=Money(MOST_CENTS)))


def test_all_flaws_are_named() -> None:
    with pytest.raises(ValueError, match=r"by code: amount, reference$"):
        epc_payload(changed(amount=Money(-1), reference=printed_reference(reference_of(77))))


@settings(max_examples=25)
@given(
    st.text("abcÄÖÜäöüßé &'-./0123456789", min_size=1, max_size=70).filter(str.strip),
    st.integers(1, MOST_CENTS),
    st.integers(1, MOST),
)
def test_every_name_amount_and_reference_comes_back(name: str, cents: int, number: int) -> None:
    transfer = changed(name=name, amount=Money(cents), reference=reference_of(number))

    assert decoded(transfer) == epc_payload(transfer)
    assert len(epc_payload(transfer).encode()) <= LONGEST_PAYLOAD
    assert int(epc_code(transfer).version) <= 13


@pytest.mark.parametrize(("cents", "words"), [(1, "EUR0.01"), (100, "EUR1.00"), (5, "EUR0.05")])
def test_cents_have_two_digits(cents: int, words: str) -> None:
    assert words in epc_payload(changed(amount=Money(cents))).split("\n")


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 71}, "name"),
        ({"name": "Stadt\nLindenfurt"}, "name"),
        ({"iban": "AT939999900001234568"}, "IBAN"),
        ({"iban": "AT93 9999 9000 0123 4567"}, "IBAN"),
        ({"iban": "AT93999990000123456"}, "IBAN"),
        ({"bic": "LINF"}, "BIC"),
        ({"amount": Money(0)}, "amount"),
        ({"amount": Money(MOST_CENTS + 1)}, "amount"),
        ({"amount": Money(100, "CHF")}, "currency"),
        ({"reference": "RF000000000001"}, "reference"),
        ({"reference": ""}, "reference"),
    ],
)
def test_what_a_bank_would_refuse_is_refused_here(wrong: dict, named: str) -> None:
    with pytest.raises(ValueError, match=f"not to be paid by code: {named}$"):
        epc_payload(changed(**wrong))


def test_more_bytes_than_fit_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^3\d\d bytes are too many"):
        epc_payload(changed(name="𝔄" * 70))
