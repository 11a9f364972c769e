"""Small bank files for tests: what a bank would write, put together from its parts."""

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

ACCOUNT = "AT611904300234573201"
PAYER_ACCOUNT = "AT022050302101023600"
BODIES = {
    "052": ("BkToCstmrAcctRpt", "Rpt"),
    "053": ("BkToCstmrStmt", "Stmt"),
    "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
}


def detail(
    *,
    structured: str | tuple[str, ...] = (),
    end_to_end: str = "",
    text: str | tuple[str, ...] = (),
    name: str = "Erika Zahlerin",
    iban: str = PAYER_ACCOUNT,
    amount: str = "",
    bank_id: str = "",
    more: str = "",
) -> str:
    """One transaction, of version 08; whoever is named pays."""
    references = (structured,) if isinstance(structured, str) else structured
    texts = (text,) if isinstance(text, str) else text
    blocks = "".join(f"<Ustrd>{escape(words)}</Ustrd>" for words in texts) + "".join(
        f"<Strd><CdtrRefInf><Ref>{escape(words)}</Ref></CdtrRefInf></Strd>" for words in references
    )
    ids = (f"<AcctSvcrRef>{bank_id}</AcctSvcrRef>" if bank_id else "") + (
        f"<EndToEndId>{escape(end_to_end)}</EndToEndId>" if end_to_end else ""
    )
    money = f'<Amt Ccy="EUR">{amount}</Amt>' if amount else ""
    return (
        f"<TxDtls><Refs>{ids}</Refs>{money}"
        f"<RltdPties><Dbtr><Pty><Nm>{escape(name)}</Nm></Pty></Dbtr>"
        f"<DbtrAcct><Id><IBAN>{iban}</IBAN></Id></DbtrAcct></RltdPties>"
        f"<RmtInf>{blocks}</RmtInf>{more}</TxDtls>"
    )


def entry(
    amount: str,
    *details: str,
    sign: str = "CRDT",
    currency: str = "EUR",
    status: str = "BOOK",
    day: str = "2026-03-02",
    bank_id: str = "",
    batch: str = "",
    code: str = "ESCT",
    more: str = "",
) -> str:
    """One line of the account."""
    group = f"<Btch><PmtInfId>{batch}</PmtInfId></Btch>" if batch else ""
    inside = f"<NtryDtls>{group}{''.join(details)}</NtryDtls>" if details or batch else ""
    name = f"<AcctSvcrRef>{bank_id}</AcctSvcrRef>" if bank_id else ""
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{more}'
        f"<Sts><Cd>{status}</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt>{name}"
        f"<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>{code}</SubFmlyCd></Fmly></Domn>"
        f"</BkTxCd>{inside}</Ntry>"
    )


def document(
    *entries: str,
    form: str = "053",
    version: str = "08",
    account: str = ACCOUNT,
    identifier: str = "AZ-1",
    head: str = "",
) -> bytes:
    """A whole file with one statement."""
    body, part = BODIES[form]
    lines = "\n".join(entries)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{head}'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{form}.001.{version}">\n'
        f"<{body}><GrpHdr><MsgId>{identifier}</MsgId><CreDtTm>2026-03-02T20:00:00</CreDtTm></GrpHdr>\n"
        f"<{part}><Id>{identifier}</Id><CreDtTm>2026-03-02T20:00:00</CreDtTm>"
        f"<Acct><Id><IBAN>{account}</IBAN></Id></Acct>\n"
        f"{lines}\n</{part}></{body}></Document>\n"
    ).encode()


def archive(files: Mapping[str, bytes]) -> bytes:
    """The files as a bank packs them."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            target.writestr(name, content)
    return packed.getvalue()
