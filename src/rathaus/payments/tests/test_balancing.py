"""Whether a statement adds up."""

import pytest

from rathaus.payments.balancing import gap
from rathaus.payments.camt import read_message
from rathaus.payments.tests.camt_files import document, entry


def balance(code: str, amount: str, sign: str = "CRDT", currency: str = "EUR") -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'
        "<Dt><Dt>2026-03-02</Dt></Dt></Bal>"
    )


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((balance("OPBD", "10.00"), balance("CLBD", "15.00"), entry("5.00")), 0),
        ((balance("PRCD", "10.00"), balance("CLBD", "16.00"), entry("5.00")), 100),
        ((balance("OPBD", "3.00"), balance("CLBD", "2.00", "DBIT"), entry("5.00", sign="DBIT")), 0),
        ((balance("OPBD", "1.00"), balance("CLBD", "1.00"), entry("5.00", status="PDNG")), 0),
        ((balance("OPBD", "1.00"), entry("5.00")), None),
        ((balance("OPBD", "1.00"), balance("CLBD", "1.00", currency="CHF")), None),
        ((entry("5.00"),), None),
    ],
)
def test_balances_and_entries_are_compared(parts: tuple[str, ...], expected: int | None) -> None:
    assert gap(read_message(document(*parts)).statements[0]) == expected
