"""Files that leave the house: transfers for the bank, bookings for accounting, and the chart."""

import hashlib
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from sepaxml.validation import try_valid_xml
from tests.factories import make_citizen, make_clerk, make_department

from rathaus.accounts.queries import actor_of
from rathaus.audit.models import Entry
from rathaus.core.actor import SYSTEM
from rathaus.core.clock import today
from rathaus.core.documents.source import BadDocument
from rathaus.core.errors import NotAllowed
from rathaus.core.money import Money
from rathaus.payments.accounting_files import german
from rathaus.payments.actions import PayTo, give_back
from rathaus.payments.actions.charting import AccountIsBooked, install_chart
from rathaus.payments.actions.closing import close_period
from rathaus.payments.actions.handing_over import (
    NoBankAccount,
    PeriodStillOpen,
    export_period,
    hand_over_transfers,
)
from rathaus.payments.models import Account, Export, Form, Refund, Transfer
from rathaus.payments.queries.accounts import BankAccount, bank_account
from rathaus.payments.tests.money import owe, pay

pytestmark = pytest.mark.django_db

ACCOUNT = PayTo("AT61 1904 3002 3457 3201", "Clara Größwang")
NAMESPACE = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}
CHART = """
accounts:
  - number: "2100"
    use: bank
    kind: asset
    name: {de: Girokonto}
    bank: {iban: AT61 1904 3002 3457 3201, bic: BKAUATWW, holder: Stadt Lindenfurt}
  - {number: "8510", use: income, kind: income, department: gartenamt, name: {de: Gartengebühren}}
"""


@pytest.fixture
def chart():
    make_department("gartenamt")
    install_chart(by=SYSTEM, text=CHART)


def refund(cents: int = 4_000):
    debtor = make_citizen()
    claim = owe(debtor)
    received = pay(10_000, (claim, 10_000))
    return give_back(
        by=SYSTEM,
        receipt=received.receipt,
        amount=Money(cents),
        key=f"k{claim}",
        why="Kulanz",
        to=ACCOUNT,
    )


def test_all_waiting_refunds_go_into_one_file_and_no_other(chart):
    wanted = {refund(4_000): "40.00", refund(123): "1.23"}

    transfer = hand_over_transfers(by=SYSTEM)

    assert hand_over_transfers(by=SYSTEM) is None
    try_valid_xml(transfer.content.encode(), "pain.001.001.09")
    root = ElementTree.fromstring(transfer.content)  # noqa: S314 - our own file
    orders = root.findall(".//p:CdtTrfTxInf", NAMESPACE)
    found = {
        order.findtext(".//p:EndToEndId", namespaces=NAMESPACE): (
            order.findtext(".//p:InstdAmt", namespaces=NAMESPACE),
            order.findtext(".//p:Cdtr/p:Nm", namespaces=NAMESPACE),
            order.findtext(".//p:CdtrAcct/p:Id/p:IBAN", namespaces=NAMESPACE),
        )
        for order in orders
    }
    assert found == {
        pk.hex: (cents, "Clara Groesswang", "AT611904300234573201") for pk, cents in wanted.items()
    }
    assert root.findtext(".//p:GrpHdr/p:CtrlSum", namespaces=NAMESPACE) == "41.23"
    assert set(Refund.objects.values_list("state", "transfer")) == {("sent", transfer.number)}
    assert Entry.objects.filter(did="payments.refund_sent").count() == 2


def test_without_the_city_s_account_or_the_right_nothing_goes(chart):
    refund()
    with pytest.raises(NotAllowed):
        hand_over_transfers(by=actor_of(make_clerk(None, "payments.ledger")))
    Account.objects.filter(use="bank").update(iban="")
    with pytest.raises(NoBankAccount):
        hand_over_transfers(by=SYSTEM)

    assert Transfer.objects.count() == 0
    assert Refund.objects.get().state == "requested"


@pytest.fixture
def last_month(chart):
    """A claim and its payment, in a closed period that is the whole past."""
    claim = owe(make_citizen(), 123_456, reference="HU-2026-000007")
    pay(123_456, (claim, 123_456), received_on=today())
    return today()


def exported(form: Form, last: date, **changes):
    return export_period(by=SYSTEM, form=form, first=date(2026, 1, 1), last=last, **changes)


def test_only_what_is_closed_is_handed_over(last_month):
    with pytest.raises(PeriodStillOpen):
        exported(Form.TABLE, last_month)
    close_period(by=SYSTEM, until=last_month - timedelta(1))
    with pytest.raises(PeriodStillOpen):
        exported(Form.TABLE, last_month)
    with pytest.raises(NotAllowed):
        export_period(
            by=actor_of(make_clerk(None, "payments.ledger")),
            form=Form.TABLE,
            first=date(2026, 1, 1),
            last=last_month - timedelta(1),
        )
    assert Export.objects.count() == 0


@pytest.fixture
def closed(last_month, time_machine):
    time_machine.move_to(last_month + timedelta(2), tick=False)
    close_period(by=SYSTEM, until=last_month)
    return last_month


def test_the_table_has_german_numbers_and_totals(closed):
    made = exported(Form.TABLE, closed)

    lines = made.content.split("\r\n")
    assert lines[0] == (
        "\ufeffBuchung;Buchungsdatum;Belegart;Konto;Kontoname;Soll;Haben;Währung;Text;Bezug"
    )
    day = f"{closed:%d.%m.%Y}"
    assert lines[1].split(";")[1:] == [
        day,
        "Vorschreibung",
        "2300",
        "Forderungen",
        "1234,56",
        "",
        "EUR",
        "Hundeabgabe",
        "HU-2026-000007",
    ]
    assert lines[-2] == "Summe;;;;;2469,12;2469,12;EUR;;"
    assert made.sha256 == hashlib.sha256(made.content.encode()).hexdigest()


def test_the_posting_file_has_headers_positions_and_sums(closed):
    lines = exported(Form.FI, closed, company="1000").content.split("\r\n")

    day = f"{closed:%d.%m.%Y}"
    assert lines[:2] == [
        "K;BLDAT;BUDAT;BLART;BUKRS;WAERS;XBLNR;BKTXT",
        "P;BUZEI;BSCHL;HKONT;WRBTR;SHKZG;SGTXT;ZUONR",
    ]
    head = lines[2].split(";")
    assert [head[0], *head[2:6], head[7]] == ["K", day, "DR", "1000", "EUR", "Hundeabgabe"]
    assert lines[3] == "P;001;40;0000002300;1234,56;S;Hundeabgabe;HU-2026-000007"
    assert lines[4] == "P;002;50;0000008500;1234,56;H;Hundeabgabe;HU-2026-000007"
    assert lines[5].split(";")[3] == "DZ"
    assert lines[-2] == "S;2;4;2469,12;2469,12"


def test_an_export_is_made_once_and_stays_the_same_bytes(closed):
    first = exported(Form.FI, closed, company="1000")
    owe(make_citizen())

    again = exported(Form.FI, closed, company="2000")

    assert (again.number, again.content, again.company) == (first.number, first.content, "1000")
    assert Entry.objects.filter(did="payments.exported").count() == 1


@pytest.mark.parametrize(("cents", "text"), [(5, "0,05"), (-5, "-0,05"), (123_456, "1234,56")])
def test_amounts_as_accounting_reads_them(cents, text):
    assert german(cents) == text


def test_the_chart_names_the_accounts(chart):
    assert bank_account() == BankAccount("AT611904300234573201", "BKAUATWW", "Stadt Lindenfurt")
    install_chart(by=SYSTEM, text=CHART.replace("Gartengebühren", "Gärten"))
    row = Account.objects.get(number="8510")
    assert (row.name, row.department.slug) == ({"de": "Gärten"}, "gartenamt")
    assert Account.objects.count() == 2


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("gartenamt", "mondamt", "die Abteilung „mondamt“ gibt es nicht"),
        ("AT61", "AT62", "das ist keine gültige IBAN"),
        ("BKAUATWW", "BKAUAT", "das ist kein gültiger BIC"),
        ('"8510"', '"2100"', "das Konto 2100 steht hier zweimal"),
        ("use: income", "use: cash", "„cash“ gehört der ganzen Stadt"),
    ],
)
def test_mistakes_in_the_chart_are_named(chart, before, after, reason):
    rows = list(Account.objects.order_by("pk").values_list())

    with pytest.raises(BadDocument, match=reason):
        install_chart(by=SYSTEM, text=CHART.replace(before, after))

    assert list(Account.objects.order_by("pk").values_list()) == rows


def test_a_booked_account_keeps_its_number(chart):
    pay(100)

    with pytest.raises(AccountIsBooked):
        install_chart(by=SYSTEM, text=CHART.replace('"2100"', '"2101"'))

    assert Account.objects.get(use="bank").number == "2100"
    with pytest.raises(NotAllowed):
        install_chart(by=actor_of(make_clerk(None, "payments.ledger")), text=CHART)
