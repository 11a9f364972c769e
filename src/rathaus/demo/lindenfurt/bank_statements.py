"""Writes what Lindenfurt's bank would deliver: a statement (camt.053, version 08) of one day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lxml import etree
from lxml.etree import _Element as Node

from rathaus.demo.lindenfurt.ingredients import check_digits

MADE_UP_BANK = "99998"
SPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"


@dataclass(frozen=True)
class Line:
    """Money that came, or (negative) the bank took; `reference` is that of the structured field."""

    cents: int
    name: str
    words: str = ""
    reference: str = ""
    end_to_end: str = ""


def account_of(name: str) -> str:
    """The IBAN from which somebody of that name pays: always the same one, of no real bank."""
    number = int.from_bytes(name.encode(), "big") % 10**11
    own = f"{MADE_UP_BANK}{number:011}"
    return f"AT{check_digits('AT', own)}{own}"


def statement(
    account: str, made_at: datetime, number: int, before: int, lines: Sequence[Line]
) -> bytes:
    """The statement of a day, with the balance (cents) `before` it and after it."""
    root = etree.Element("Document", nsmap={None: SPACE})
    body = _part(root, "BkToCstmrStmt")
    head = _part(body, "GrpHdr")
    _part(head, "MsgId", f"LF{made_at:%Y%m%d}")
    _part(head, "CreDtTm", made_at.isoformat())
    one = _part(body, "Stmt")
    _part(one, "Id", f"LF{made_at:%Y%m%d}-{number}")
    _part(one, "ElctrncSeqNb", str(number))
    _part(one, "CreDtTm", made_at.isoformat())
    _part(one, "Acct", inside={"Id": {"IBAN": account}, "Ccy": "EUR"})
    day = made_at.date()
    _balance(one, "OPBD", before, day)
    _balance(one, "CLBD", before + sum(line.cents for line in lines), day)
    for position, line in enumerate(lines, 1):
        _entry(one, line, day, f"{made_at:%Y%m%d}{number:04}{position:04}")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _entry(statement: Node, line: Line, day: date, bank_id: str) -> None:
    entry = _part(statement, "Ntry")
    _money(entry, line.cents)
    _part(entry, "Sts", inside={"Cd": "BOOK"})
    _part(entry, "BookgDt", inside={"Dt": day.isoformat()})
    _part(entry, "AcctSvcrRef", bank_id)
    family, subfamily = ("RCDT", "ESCT") if line.cents > 0 else ("MDOP", "CHRG")
    code = {"Cd": "PMNT", "Fmly": {"Cd": family, "SubFmlyCd": subfamily}}
    _part(entry, "BkTxCd", inside={"Domn": code})
    detail = _part(_part(entry, "NtryDtls"), "TxDtls")
    _part(detail, "Refs", inside={"EndToEndId": line.end_to_end or "NOTPROVIDED"})
    if line.cents > 0:
        payer = {"Dbtr": {"Pty": {"Nm": line.name}}}
        _part(
            detail,
            "RltdPties",
            inside=payer | {"DbtrAcct": {"Id": {"IBAN": account_of(line.name)}}},
        )
    remittance = _part(detail, "RmtInf")
    if line.words:
        _part(remittance, "Ustrd", line.words)
    if line.reference:
        _part(remittance, "Strd", inside={"CdtrRefInf": {"Ref": line.reference}})


def _balance(statement: Node, code: str, cents: int, day: date) -> None:
    balance = _part(statement, "Bal", inside={"Tp": {"CdOrPrtry": {"Cd": code}}})
    _money(balance, cents)
    _part(balance, "Dt", inside={"Dt": day.isoformat()})


def _money(parent: Node, cents: int) -> None:
    amount = _part(parent, "Amt", f"{abs(cents) // 100}.{abs(cents) % 100:02}")
    amount.set("Ccy", "EUR")
    _part(parent, "CdtDbtInd", "CRDT" if cents >= 0 else "DBIT")


def _part(
    parent: Node, name: str, text: str = "", *, inside: Mapping[str, object] | None = None
) -> Node:
    """A child; what is `inside` it are its own children by name."""
    part = etree.SubElement(parent, name)
    if text:
        part.text = text
    for child, value in (inside or {}).items():
        if isinstance(value, Mapping):
            _part(part, child, inside=value)
        else:
            _part(part, child, str(value))
    return part
