"""Pages of money: what people paid, refunds that wait, and the books of the city."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils.translation import override
from tests.factories import make_citizen, make_city, make_clerk, make_department, sign_in

from rathaus.audit.models import Act, Entry
from rathaus.core.actor import SYSTEM
from rathaus.core.clock import today
from rathaus.core.money import Money
from rathaus.payments.actions import PayTo, give_back
from rathaus.payments.actions.charting import install_chart
from rathaus.payments.models import Account, Export, Receipt, Refund, Transfer
from rathaus.payments.queries.ledger import closed_until
from rathaus.payments.tests.money import owe, pay
from rathaus.payments.tests.test_handing_over import ACCOUNT, CHART

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def city():
    make_city()
    make_department("gartenamt")
    install_chart(by=SYSTEM, text=CHART)


@pytest.fixture
def debtor():
    return make_citizen()


@pytest.fixture
def received(debtor):
    claim = owe(debtor, 4_000, reference="HU-2026-000001")
    return pay(5_000, (claim, 5_000), payer=debtor.pk, received_on=today())


def staff(*rights: str) -> Client:
    return sign_in(Client(), make_clerk(None, *rights))


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return " ".join(answer.content.decode().replace("\xa0", " ").split())


def paper(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return b"".join(answer.streaming_content)


def test_people_find_their_receipts_and_credit_and_nobody_else_does(debtor, received):
    mine = sign_in(Client(), debtor)
    page = shown(mine, "/zahlungen/belege/")
    address = f"/zahlungen/belege/{received.receipt}/"

    for words in (received.number, "Hundeabgabe", "€ 50,00", "€ 10,00", address):
        assert words in page
    first = paper(mine, address)
    assert first.startswith(b"%PDF-1.7")
    assert paper(mine, address) == first
    stranger = sign_in(Client(), make_citizen())
    assert stranger.get(address).status_code == 404
    assert received.number not in shown(stranger, "/zahlungen/belege/")
    assert staff("payments.ledger").get(f"/amt/belege/{received.receipt}/").status_code == 403


def test_a_clerk_who_opens_a_receipt_is_noted(debtor, received):
    client = staff("payments.read")

    assert paper(client, f"/amt/belege/{received.receipt}/").startswith(b"%PDF-1.7")
    assert client.get(f"/amt/belege/{uuid4()}/").status_code == 404

    entry = Entry.objects.filter(act=Act.READ, about=[debtor.pk]).get()
    assert entry.did == "payments.receipt"


def refund(received, key="k", to=ACCOUNT):
    return give_back(
        by=SYSTEM, receipt=received.receipt, amount=Money(1_000), key=key, why="Kulanz", to=to
    )


def test_refunds_wait_go_into_a_file_and_end(received):
    refund(received)
    client = staff("payments.give_back")
    page = shown(client, "/amt/rueckzahlungen/")
    for words in ("€ 10,00", received.number, "beauftragt", "AT61 1904 3002 3457 3201", "Kulanz"):
        assert words in page

    assert client.post("/amt/rueckzahlungen/datei/").status_code == 302
    assert "unterwegs" in shown(client, "/amt/rueckzahlungen/")
    number = Transfer.objects.get().number
    file = client.get(f"/amt/rueckzahlungen/dateien/{number}/")
    assert file.content == Transfer.objects.get().content.encode()
    assert file["Content-Disposition"] == (
        f'attachment; filename="ueberweisungen-{number:06d}.xml"'
    )
    pk = Refund.objects.get().pk
    assert client.post(f"/amt/rueckzahlungen/{pk}/erledigt/").status_code == 302
    assert "Keine Rückzahlung wartet." in shown(client, "/amt/rueckzahlungen/")
    client.post("/amt/rueckzahlungen/datei/")
    assert Transfer.objects.count() == 1


def test_a_refund_that_failed_says_why(received):
    pk = refund(received, to=PayTo(ACCOUNT.iban, "Clara"))
    client = staff("payments.give_back")
    address = f"/amt/rueckzahlungen/{pk}/gescheitert/"

    refused = client.post(address, {"problem": ""})
    assert (refused.status_code, Refund.objects.get().state) == (422, "requested")
    assert "Bitte schreiben Sie, warum es nicht ging." in refused.content.decode()
    assert client.post(address, {"problem": "Konto aufgelöst"}).status_code == 302
    assert (Refund.objects.get().state, Refund.objects.get().problem) == (
        "failed",
        "Konto aufgelöst",
    )
    client.post(f"/amt/rueckzahlungen/{pk}/erledigt/")
    assert Refund.objects.get().state == "failed"


def test_accounting_reads_journal_accounts_and_balances(received):
    client = staff("payments.ledger")
    bank = Account.objects.get(use="bank")

    journal = shown(client, "/amt/buchhaltung/")
    for words in ("Vorschreibung", "Zahlung", "Hundeabgabe", "2100 Girokonto", "€ 50,00"):
        assert words in journal
    assert "Hundeabgabe" in shown(client, "/amt/buchhaltung/?words=HU-2026-000001")
    assert "Zu diesem Bezug ist nichts gebucht." in shown(client, "/amt/buchhaltung/?words=X")
    assert "€ 50,00" in shown(client, "/amt/buchhaltung/konten/")
    assert received.number in shown(client, f"/amt/buchhaltung/konten/{bank.pk}/")
    assert client.get("/amt/buchhaltung/konten/0/").status_code == 404
    assert "−€ 10,00" in shown(client, "/amt/buchhaltung/salden/")
    assert client.get("/amt/buchhaltung/salden/?first=x&last=y").status_code == 422
    assert client.get("/amt/buchhaltung/abschluss/").status_code == 403
    assert staff("payments.read").get("/amt/buchhaltung/").status_code == 403


def test_a_period_is_closed_and_handed_over_once(received, time_machine):
    day = today()
    time_machine.move_to(day + timedelta(2), tick=False)
    client = staff("payments.close", "payments.ledger")
    wanted = {"first": "01.01.2026", "last": f"{day:%d.%m.%Y}", "form": "fi", "company": "1000"}

    refused = client.post("/amt/buchhaltung/uebergaben/", wanted)
    assert (refused.status_code, Export.objects.count()) == (422, 0)
    assert "Übergeben werden kann nur, was abgeschlossen ist." in refused.content.decode()
    future = {"until": f"{today():%d.%m.%Y}"}
    assert client.post("/amt/buchhaltung/abschluss/bis/", future).status_code == 422
    assert closed_until() is None
    closed = client.post("/amt/buchhaltung/abschluss/bis/", {"until": f"{day:%d.%m.%Y}"})
    assert (closed.status_code, closed_until()) == (302, day)
    for _ in range(2):
        assert client.post("/amt/buchhaltung/uebergaben/", wanted).status_code == 302

    made = Export.objects.get()
    assert made.sha256[:16] in shown(client, "/amt/buchhaltung/abschluss/")
    file = client.get(f"/amt/buchhaltung/uebergaben/{made.number}/")
    assert file.content == made.content.encode()
    assert client.get("/amt/buchhaltung/uebergaben/0/").status_code == 404


def test_a_receipt_in_english_for_who_asked_in_english(debtor):
    with override("en"):
        claim = owe(debtor)
    received = pay(10_000, (claim, 10_000), payer=debtor.pk)
    mine = sign_in(Client(), debtor)
    paper(mine, f"/zahlungen/belege/{received.receipt}/")

    assert Receipt.objects.get().document.name == f"Payment receipt {received.number}.pdf"
