"""The samples of genkgo/camt, entry by entry beside what that library reads; valid is what the
schema of the message says. Skipped, with its count, where the data is absent.
"""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from rathaus.core.money import Money
from rathaus.payments.camt import BadStatement, Fault, read_message
from rathaus.payments.camt.values import Detail, Entry

DATA = Path(__file__).parents[4].parent / "shared" / "data" / "counter" / "camt"
SAMPLES = sorted((DATA / "test" / "data").glob("*.xml"))
READ = [sample for sample in SAMPLES if sample.with_suffix(".json").exists()]
NO_CENTS = "JPY"

pytestmark = pytest.mark.skipif(not SAMPLES, reason="die Beispieldateien von genkgo/camt fehlen")


def is_valid(sample: Path) -> bool:
    document = etree.parse(sample)
    space = etree.QName(document.getroot()).namespace
    schema = etree.XMLSchema(file=DATA / "assets" / f"{space.rpartition(':')[2]}.xsd")
    return bool(schema.validate(document))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_what_the_schema_takes_is_read_and_nothing_else(sample: Path) -> None:
    if is_valid(sample):
        assert read_message(sample.read_bytes()).statements
    else:
        with pytest.raises(BadStatement):
            read_message(sample.read_bytes())


def test_the_wrong_sample_is_refused_with_its_line() -> None:
    with pytest.raises(BadStatement) as refused:
        read_message((DATA / "test" / "data" / "camt053.v2.wrong.xml").read_bytes())
    assert (refused.value.fault, refused.value.line, refused.value.word) == (
        Fault.NO_STATEMENT,
        3,
        "Stmt",
    )


@pytest.mark.parametrize("sample", READ, ids=lambda sample: sample.stem)
def test_entries_are_read_as_genkgo_reads_them(sample: Path) -> None:
    message = read_message(sample.read_bytes())
    theirs = json.loads(sample.with_suffix(".json").read_text(encoding="utf-8"))
    ours = [entry for statement in message.statements for entry in statement.entries]
    assert message.identifier == theirs["getGroupHeader"]["getMessageId"]
    if len(message.statements) > 1:  # their reading keeps the entries of the last one only
        ours = list(message.statements[-1].entries)
    assert [shown(entry) for entry in ours] == [expected(one) for one in theirs["getEntries"]]


@pytest.mark.parametrize("sample", READ, ids=lambda sample: sample.stem)
def test_statements_are_read_as_genkgo_reads_them(sample: Path) -> None:
    message = read_message(sample.read_bytes())
    theirs = json.loads(sample.with_suffix(".json").read_text(encoding="utf-8"))
    statements = {statement.identifier: statement for statement in message.statements}
    records = (entry["getRecord"] for entry in theirs["getEntries"])
    for record in (record for record in records if isinstance(record, dict)):
        statement = statements[record["getId"]]
        assert statement.account == record["getAccount"]["getIdentification"]
        assert statement.number == (record["getElectronicSequenceNumber"] or "")
        balances = [
            (money(balance["getAmount"]), balance["getDate"]["0"][:10])
            for balance in record.get("getBalances", [])
        ]
        assert [(one.amount, one.day.isoformat()) for one in statement.balances] == balances


def shown(entry: Entry) -> dict[str, object]:
    return {
        "amount": entry.amount,
        "status": entry.status,
        "reversal": entry.is_reversal,
        "bank_reference": entry.bank_reference,
        "reference": entry.reference,
        "text": entry.text,
        "booked_on": entry.booked_on and entry.booked_on.isoformat(),
        "valued_on": entry.valued_on and entry.valued_on.isoformat(),
        "code": (entry.code.domain, entry.code.family, entry.code.subfamily, entry.code.own),
        "details": [shown_detail(detail) for detail in entry.details],
    }


def shown_detail(detail: Detail) -> dict[str, object]:
    return {
        "end_to_end": detail.end_to_end,
        "structured": list(detail.structured),
        "texts": list(detail.texts),
        "debtor": detail.debtor.account,
        "creditor": detail.creditor.account,
        "is_return": detail.is_return,
    }


def expected(entry: dict[str, Any]) -> dict[str, object]:
    return {
        "amount": money(entry["getAmount"]),
        "status": entry["getStatus"],
        "reversal": entry["getReversalIndicator"],
        "bank_reference": entry["getAccountServicerReference"] or "",
        "reference": entry["getReference"] or "",
        "text": entry["getAdditionalInfo"],
        "booked_on": day(entry["getBookingDate"]),
        "valued_on": day(entry["getValueDate"]),
        "code": code(entry["getBankTransactionCode"] or {}),
        "details": [expected_detail(entry, place) for place in range(len(details_of(entry)))],
    }


def details_of(entry: dict[str, Any]) -> list[Any]:
    """The first one stands beside the list, which then only points back to it."""
    found: list[Any] = list(entry["getTransactionDetails"])
    if found and found[0] == "__RECURSIVITY__":
        found[0] = entry["getTransactionDetail"]
    return found


def expected_detail(entry: dict[str, Any], place: int) -> dict[str, object]:
    detail = details_of(entry)[place]
    remittance = detail["getRemittanceInformation"]
    blocks = remittance["getStructuredBlocks"] if remittance else []
    blocks = [remittance["getStructuredBlock"] if b == "__RECURSIVITY__" else b for b in blocks]
    texts = remittance["getUnstructuredBlocks"] if remittance else []
    first = remittance["getUnstructuredBlock"] if remittance else None
    return {
        "end_to_end": (detail["getReference"] or {}).get("getEndToEndId") or "",
        "structured": [reference(block, remittance) for block in blocks if has_reference(block)],
        "texts": [(first if text == "__RECURSIVITY__" else text)["getMessage"] for text in texts],
        "debtor": account(detail, "Debtor"),
        "creditor": account(detail, "Creditor"),
        "is_return": detail["getReturnInformation"] is not None,
    }


def has_reference(block: dict[str, Any]) -> bool:
    return block["getCreditorReferenceInformation"] is not None


def reference(block: dict[str, Any], remittance: dict[str, Any]) -> str:
    found = block["getCreditorReferenceInformation"]
    if found == "__RECURSIVITY__":
        found = remittance["getCreditorReferenceInformation"]
    return str(found["getRef"])


def account(detail: dict[str, Any], side: str) -> str:
    parties = [detail["getRelatedParty"], *detail["getRelatedParties"]]
    for party in parties:
        if isinstance(party, dict) and party["getRelatedPartyType"]["__CLASS__"].endswith(
            f"\\{side}"
        ):
            return str(party["getAccount"]["getIdentification"]) if party["getAccount"] else ""
    return ""


def money(value: dict[str, Any]) -> Money:
    """Theirs in the smallest unit of the currency; ours in hundredths, also of a yen."""
    currency = value["getCurrency"]["getCode"]
    smallest = Decimal(value["getAmount"])
    return Money(int(smallest * (100 if currency == NO_CENTS else 1)), currency)


def day(value: dict[str, str] | None) -> str | None:
    return value and value["0"][:10]


def code(value: dict[str, Any]) -> tuple[str, str, str, str]:
    domain, own = value.get("getDomain") or {}, value.get("getProprietary") or {}
    family = domain.get("getFamily") or {}
    return (
        domain.get("getCode") or "",
        family.get("getCode") or "",
        family.get("getSubFamilyCode") or "",
        own.get("getCode") or "",
    )
