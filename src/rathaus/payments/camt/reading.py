"""Reads camt.052, 053 and 054 of all versions; what differs between them is tried in turn.

An element that is not needed may be absent or unknown: banks write newer versions, and their own.
"""

import re
from collections.abc import Iterator
from datetime import date

from rathaus.core.money import Money
from rathaus.payments.camt.document import Node, open_document
from rathaus.payments.camt.faults import BadStatement, Fault
from rathaus.payments.camt.values import (
    Balance,
    Code,
    Detail,
    Entry,
    Form,
    Message,
    Party,
    Statement,
)

_KIND = re.compile(r"camt\.(05[234])\.\d{3}\.(\d\d)", re.ASCII)
_BODIES = {
    "BkToCstmrAcctRpt": (Form.REPORT, "Rpt"),
    "BkToCstmrStmt": (Form.STATEMENT, "Stmt"),
    "BkToCstmrDbtCdtNtfctn": (Form.NOTIFICATION, "Ntfctn"),
}
_VERSION_IN_NAME = re.compile(r"V\d\d$")
_BOOKED = "BOOK"
_NOT_PROVIDED = frozenset({"", "NOTPROVIDED", "NOT PROVIDED", "NONREF", "NONE"})
_SIGNS = {"CRDT": 1, "DBIT": -1}
_TRUTH = {"true": True, "1": True, "false": False, "0": False, "": False}


def read_message(content: bytes) -> Message:
    """The message in a file. Raises `BadStatement`."""
    root, space = open_document(content)
    kind = _KIND.search(space)
    body = next(root.children(), None)
    name = _VERSION_IN_NAME.sub("", body.name) if body else ""
    if body is None or root.name != "Document" or kind is None or name not in _BODIES:
        raise BadStatement(Fault.OTHER_MESSAGE, root.line, name or root.name)
    form, part = _BODIES[name]
    if form != kind[1]:
        raise BadStatement(Fault.OTHER_MESSAGE, body.line, name)
    statements = tuple(_statement(node) for node in body.each(part))
    if not statements:
        raise BadStatement(Fault.NO_STATEMENT, body.line, part)
    return Message(form, kind[2], body.text("GrpHdr/MsgId"), statements)


def _statement(node: Node) -> Statement:
    account = node.required("Acct")
    made_on = node.required("CreDtTm").day()
    first, last = node.first("FrToDt/FrDtTm"), node.first("FrToDt/ToDtTm")
    return Statement(
        line=node.line,
        identifier=node.required("Id").words(),
        number=node.text("ElctrncSeqNb", "LglSeqNb"),
        account=_account(account) or _refuse_without(account, "Id"),
        owner=account.text("Ownr/Nm", "Ownr/Pty/Nm"),
        currency=account.text("Ccy"),
        made_on=made_on,
        from_day=first.day() if first else None,
        to_day=last.day() if last else None,
        balances=tuple(_balance(balance) for balance in node.each("Bal")),
        entries=tuple(_entry(entry) for entry in node.each("Ntry")),
    )


def _refuse_without(node: Node, name: str) -> str:
    raise BadStatement(Fault.MISSING, node.line, name)


def _account(node: Node) -> str:
    """The IBAN without spaces, else what the bank calls the account."""
    iban = node.text("Id/IBAN").replace(" ", "").upper()
    return iban or node.text("Id/Othr/Id", "Id/PrtryAcct/Id", "Id/BBAN", "Id/UPIC")


def _balance(node: Node) -> Balance:
    code = node.text("Tp/CdOrPrtry/Cd", "Tp/CdOrPrtry/Prtry", "Tp/Cd", "Tp/Prtry")
    return Balance(code, _signed(node), node.required("Dt").day())


def _signed(node: Node) -> Money:
    return node.required("Amt").money() * _sign(node)


def _sign(node: Node) -> int:
    word = node.required("CdtDbtInd")
    if word.words() not in _SIGNS:
        raise BadStatement(Fault.BAD_WORD, word.line, word.words())
    return _SIGNS[word.words()]


def _entry(node: Node) -> Entry:
    state = node.part("Sts")
    status = state.text("Cd", "Prtry") or state.words()
    if not status:
        raise BadStatement(Fault.MISSING, node.line, "Sts")
    reversal = node.text("RvslInd")
    if reversal not in _TRUTH:
        raise BadStatement(Fault.BAD_WORD, node.line, reversal)
    sign = _sign(node)
    batch = node.first("NtryDtls/Btch") or node.first("Btch")
    details = [*node.each("NtryDtls/TxDtls"), *node.each("TxDtls")]
    return Entry(
        line=node.line,
        amount=_signed(node),
        is_booked=status == _BOOKED,
        is_reversal=_TRUTH[reversal],
        status=status,
        booked_on=_day(node, "BookgDt"),
        valued_on=_day(node, "ValDt"),
        reference=node.text("NtryRef"),
        bank_reference=_provided(node.text("AcctSvcrRef")),
        batch=_batch(batch) if batch else "",
        code=_code(node),
        text=node.text("AddtlNtryInf"),
        details=tuple(_detail(detail, sign) for detail in details),
    )


def _batch(node: Node) -> str:
    """What names a batch of several transactions; empty where it is one only."""
    return "" if node.text("NbOfTxs") == "1" else node.text("PmtInfId", "MsgId") or "+"


def _day(node: Node, path: str) -> date | None:
    found = node.first(path)
    return found.day() if found else None


def _code(node: Node) -> Code:
    code = node.part("BkTxCd")
    domain = code.part("Domn")
    family = domain.part("Fmly")
    return Code(
        domain=domain.text("Cd"),
        family=family.text("Cd"),
        subfamily=family.text("SubFmlyCd"),
        own=code.text("Prtry/Cd"),
    )


def _detail(node: Node, sign: int) -> Detail:
    names, remittance, parties = node.part("Refs"), node.part("RmtInf"), node.part("RltdPties")
    own_sign = _sign(node) if node.first("CdtDbtInd") else sign
    return Detail(
        line=node.line,
        amounts=tuple(amount.money() * own_sign for amount in _amounts(node)),
        code=_code(node),
        bank_ids=tuple(_bank_ids(names)),
        end_to_end=_provided(names.text("EndToEndId")),
        structured=tuple(_structured(remittance)),
        texts=tuple(filter(None, (text.words() for text in remittance.each("Ustrd")))),
        debtor=_party(parties, "Dbtr"),
        creditor=_party(parties, "Cdtr"),
        is_return=node.first("RtrInf") is not None,
    )


def _bank_ids(names: Node) -> Iterator[tuple[str, str]]:
    for sort in ("AcctSvcrRef", "TxId", "UETR"):
        if name := _provided(names.text(sort)):
            yield sort, name


def _amounts(node: Node) -> Iterator[Node]:
    """All amounts of a transaction: newer versions say it plainly, older ones in its details."""
    for path in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"):
        if found := node.first(path):
            yield found


def _structured(remittance: Node) -> Iterator[str]:
    for part in remittance.each("Strd/CdtrRefInf"):
        if reference := part.text("Ref", "CdtrRef"):
            yield reference


def _party(parties: Node, side: str) -> Party:
    """Who pays or is paid: the account's holder, or who stands behind that person."""
    account = parties.first(f"{side}Acct")
    holder, behind = parties.part(side), parties.part(f"Ultmt{side}")
    name = holder.text("Nm", "Pty/Nm") or behind.text("Nm", "Pty/Nm")
    return Party(name, _account(account) if account else "")


def _provided(reference: str) -> str:
    return "" if reference.upper() in _NOT_PROVIDED else reference
