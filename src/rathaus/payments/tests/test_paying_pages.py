"""Paying as people see it: from the list to the receipt, without a script, and every wrong turn."""

import re
from functools import partial
from uuid import uuid4

import pytest
from django.test import Client
from tests.all_at_once import all_at_once
from tests.factories import make_citizen, make_city, make_clerk, sign_in

from rathaus.accounts.queries import actor_of
from rathaus.payments.actions import Wish, open_payment, start_payment
from rathaus.payments.incoming import Means
from rathaus.payments.models import Claim, Credit, Payment, Receipt
from rathaus.payments.tests.bank import open_bank_account
from rathaus.payments.tests.money import owe, pay, standing

pytestmark = pytest.mark.django_db
LIST = "/meine-zahlungen/"
CHOICE = "/meine-zahlungen/zahlen/"


@pytest.fixture
def payer():
    make_city()
    open_bank_account()
    return make_citizen()


@pytest.fixture
def window(client: Client, payer) -> Client:
    return sign_in(client, payer)


def text(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def choose(window: Client, *claims, means="card", key=None):
    fields = {"forderung": claims, "means": means, "key": key or uuid4()}
    return window.post(CHOICE, fields)


def test_everything_is_one_list_and_one_click(window, payer, service):
    dog, tree = owe(payer, 4_450), owe(payer, 6_000)
    owe(payer, 2_100, due_on=None)
    Claim.objects.filter(pk=dog).update(due_on="2026-01-05")
    owe(make_citizen(), 9_999)

    page = text(window.get(LIST))

    assert "Zusammen <strong>€ 104,50</strong>." in page
    assert "überfällig seit 05.01.2026" in page
    assert "fällig bis 22.12.2026" in page
    assert page.count('type="checkbox"') == page.count(" checked ") == 2
    assert "Das ist erst nach der Entscheidung fällig." in page
    assert "€ 99,99" not in page
    shown = text(window.get(CHOICE, {"forderung": [dog, tree]}))
    assert "€ 104,50 bezahlen" in shown
    assert [means in shown for means in ('value="card"', 'value="eps"', 'value="bank"')] == [
        True
    ] * 3
    assert 'value="cash"' not in shown  # there is no desk


def test_paying_leads_to_the_service_and_back_to_the_receipt(window, payer, service):
    claim = owe(payer, 4_450)
    led = choose(window, claim)
    assert (led.status_code, led["Location"].startswith(service.address)) == (302, True)

    back = service.pay(led["Location"])
    done = window.get(back.removeprefix("http://testserver"), follow=True)

    payment = Payment.objects.get()
    assert done.redirect_chain == [(f"/meine-zahlungen/{payment.pk}/", 302)]
    assert "Danke, Ihre Zahlung ist bei uns." in text(done)
    proof = f"/zahlungen/belege/{payment.receipt_id}/"
    assert f'href="{proof}"' in text(done)
    assert b"".join(window.get(proof)).startswith(b"%PDF")
    assert standing(claim) == ("settled", 0)
    listed = text(window.get(LIST))
    assert "bezahlt" in listed
    assert 'type="checkbox"' not in listed


def test_pressing_twice_is_one_payment(window, payer, service):
    claim, key = owe(payer), uuid4()

    first, second = choose(window, claim, key=key), choose(window, claim, key=key)

    assert first["Location"] == second["Location"]
    assert Payment.objects.count() == 1
    other = choose(window, owe(payer), key=key)
    assert other.status_code == 409
    assert "Unter diesem Schlüssel wurde schon etwas anderes verlangt." in text(other)


def test_a_second_tab_is_told_of_the_first(window, payer, service):
    claim = owe(payer)
    choose(window, claim)
    payment = Payment.objects.get()

    told = choose(window, claim)

    assert told.status_code == 409
    page = text(told)
    assert "Eine Zahlung läuft bereits" in page
    assert f'href="/meine-zahlungen/{payment.pk}/"' in page
    shown = text(window.get(f"/meine-zahlungen/{payment.pk}/"))
    assert "Diese Zahlung ist noch nicht abgeschlossen" in shown
    onward = window.post(f"/meine-zahlungen/{payment.pk}/weiter/")
    assert onward["Location"] == payment.page
    gone = window.post(f"/meine-zahlungen/{payment.pk}/abbrechen/", follow=True)
    assert "Die Zahlung ist abgebrochen. Es wurde nichts bezahlt." in text(gone)
    assert choose(window, claim).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_of_two_tabs_at_the_same_moment_one_pays(payer, service):
    claim = owe(payer)
    tabs = [sign_in(Client(), payer) for _ in range(2)]

    answers = all_at_once(*[partial(choose, tab, claim) for tab in tabs])

    assert sorted(answer.status_code for answer in answers) == [302, 409]
    [led] = [answer for answer in answers if answer.status_code == 302]
    [told] = [answer for answer in answers if answer.status_code == 409]
    assert "Eine Zahlung läuft bereits" in text(told)
    service.pay(led["Location"])
    for tab in tabs:  # whoever comes back, once from each
        tab.get(f"/meine-zahlungen/{Payment.objects.get().pk}/zurueck/")
    assert (Payment.objects.count(), Receipt.objects.count()) == (1, 1)
    assert (standing(claim), Credit.objects.count()) == (("settled", 0), 0)


def test_a_silent_service_is_said_plainly(window, payer, service, settings):
    settings.STRIPE_API = "http://127.0.0.1:9"
    told = choose(window, owe(payer))
    payment = Payment.objects.get()
    page = text(window.get(told["Location"]))

    assert told["Location"] == f"/meine-zahlungen/{payment.pk}/"
    assert "Der Zahlungsdienst antwortet gerade nicht. Bitte versuchen Sie es noch einmal." in page
    assert "Der Zahlungsdienst hat noch nicht geantwortet." in page
    settings.STRIPE_API = service.address
    assert window.post(f"{told['Location']}weiter/")["Location"].startswith(service.address)


def test_coming_back_while_nobody_answers_waits(window, payer, service, settings):
    service.pay(choose(window, owe(payer))["Location"])
    settings.STRIPE_API = "http://127.0.0.1:9"
    payment = Payment.objects.get()

    back = text(window.get(f"/meine-zahlungen/{payment.pk}/zurueck/", follow=True))

    assert "Wir fragen beim Zahlungsdienst nach." in back
    assert Receipt.objects.count() == 0


@pytest.mark.parametrize(
    ("deed", "words"),
    [
        ("never", "Die Zahlung ist fehlgeschlagen"),
        ("later", "Diese Zahlung ist noch nicht abgeschlossen"),
        ("cancel", "Diese Zahlung ist noch nicht abgeschlossen"),
    ],
)
def test_what_did_not_work_is_told(window, payer, service, deed, words):
    service.pay(choose(window, owe(payer))["Location"], deed)
    payment = Payment.objects.get()

    assert words in text(window.get(f"/meine-zahlungen/{payment.pk}/zurueck/", follow=True))


def test_a_held_payment_says_that_nothing_is_lost(window, payer, service):
    page = choose(window, owe(payer))["Location"]
    service.control(changed={"amount": 1})
    service.pay(page)
    payment = Payment.objects.get()

    shown = text(window.get(f"/meine-zahlungen/{payment.pk}/zurueck/", follow=True))

    assert "Wir sehen uns diese Zahlung an" in shown
    assert window.get(f"/meine-zahlungen/{payment.pk}/code.svg").status_code == 404


def test_a_transfer_is_shown_as_code_and_as_text(window, payer):
    led = choose(window, owe(payer, 4_450), means="bank")
    page = window.get(led["Location"])

    shown = text(page)
    for words in ("Stadt Lindenfurt", "AT61 1904 3002 3457 3201", "BKAUATWW", "€ 44,50"):
        assert words in shown
    assert re.search(r"RF\d\d \d{4} \d{4} \d\d", shown)
    assert "QR-Code für eine Überweisung von € 44,50." in shown
    picture = window.get(f"{led['Location']}code.svg")
    assert picture["Content-Type"] == "image/svg+xml"
    assert picture.content.startswith(b"<?xml")


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"means": "card"}, 422),  # no key
        ({"means": "gold", "key": uuid4()}, 422),
        ({"key": uuid4()}, 422),
        ({"means": "card", "key": "x" * 500}, 422),
    ],
)
def test_half_a_choice_is_shown_again(window, payer, service, fields, status):
    answer = window.post(CHOICE, {"forderung": owe(payer), **fields})

    assert answer.status_code == status
    assert Payment.objects.count() == 0


def test_nothing_chosen_leads_back(window, payer):
    for fields in ({}, {"forderung": "Hund"}):
        for send in (window.get, window.post):
            answer = send(CHOICE, fields, follow=True)
            assert answer.redirect_chain == [(LIST, 302)]
            assert "Bitte wählen Sie aus, was Sie bezahlen möchten." in text(answer)


def test_what_was_paid_meanwhile_is_told(window, payer, service):
    claim = owe(payer)
    pay(10_000, (claim, 10_000))

    told = choose(window, claim)

    assert told.status_code == 409
    assert "inzwischen bezahlt oder weggefallen" in text(told)


def test_others_find_nothing(window, payer, service):
    wish = Wish(frozenset([owe(payer)]), Means.CARD)
    payment = start_payment(by=actor_of(payer), key="k", wish=wish)
    open_payment(by=actor_of(payer), payment=payment)
    address = f"/meine-zahlungen/{payment}/"
    stranger = sign_in(Client(), make_citizen())
    for path in ("", "zurueck/", "code.svg"):
        assert stranger.get(address + path).status_code == 404
    for path in ("weiter/", "abbrechen/"):
        assert stranger.post(address + path).status_code == 404
    assert stranger.get(CHOICE, {"forderung": Claim.objects.get().pk}).status_code == 404
    assert Client().get(address).status_code == 302
    assert Payment.objects.get().state == "pending"


def test_the_counter_from_morning_to_evening(client, payer):
    clerk = sign_in(client, make_clerk(None, "payments.take_cash", "payments.manage_desks"))
    clerk.post("/amt/kassa/", {"name": "Schalter 1"})
    desk = re.search(r"/amt/kassa/\d+/", text(clerk.get("/amt/kassa/")))[0]
    assert clerk.post(f"{desk}oeffnen/", {"float": "200"}).status_code == 302
    window = sign_in(Client(), payer)
    shown = text(window.get(choose(window, owe(payer, 4_450), means="cash")["Location"]))
    reference = re.search(r"RF[\d ]{15,}", shown)[0].strip()

    found = text(clerk.get(desk, {"referenz": reference}))
    assert "Zu bezahlen: <strong>€ 44,50</strong>" in found
    fields = {"reference": reference, "key": uuid4()}
    assert clerk.post(f"{desk}einnehmen/", {**fields, "given": "40"}).status_code == 422
    told = clerk.post(f"{desk}einnehmen/", {**fields, "given": "50,00"}, follow=True)
    assert "€ 44,50 eingenommen. Rückgeld: € 5,50." in text(told)
    assert clerk.get(desk, {"referenz": "RF18\x00"}).status_code == 200
    assert "Dazu ist nichts zu bezahlen" in text(clerk.get(desk, {"referenz": reference}))
    assert clerk.post(f"{desk}abschliessen/", {"counted": "viel"}).status_code == 422
    closed = clerk.post(f"{desk}abschliessen/", {"counted": "244,40"}, follow=True)
    assert "Differenz: −€ 0,10." in text(closed)
    assert clerk.post(f"{desk}abschliessen/", {"counted": "1"}).status_code == 422


def test_a_clerk_decides_about_what_was_held(client, payer, service):
    window = sign_in(Client(), payer)
    for changed in ({"amount": 4_000}, {"amount": 5_000}, {"currency": "usd"}):
        claim = owe(payer, 4_450)
        service.control()
        page = choose(window, claim)["Location"]
        service.control(changed=changed)
        service.pay(page)
        payment = Payment.objects.latest("made_at")
        window.get(f"/meine-zahlungen/{payment.pk}/zurueck/")
    clerk = sign_in(client, make_clerk(None, "payments.receive", "payments.read"))
    less, more, foreign = Payment.objects.order_by("made_at")
    shown = text(clerk.get("/amt/zahlungen/angehalten/"))
    assert shown.count("Verlangt waren € 44,50, gezahlt wurden") == 3

    def decide(payment, deed="book", why="nachgesehen"):
        fields = {"payment": payment.pk, "deed": deed, "why": why}
        return clerk.post("/amt/zahlungen/angehalten/", fields).status_code

    assert decide(less, why=" ") == 422
    assert [decide(less), decide(more), decide(foreign), decide(foreign, "drop")] == [
        302,
        302,
        422,
        302,
    ]
    assert decide(less) == 422
    states = list(Payment.objects.order_by("made_at").values_list("state", flat=True))
    assert states == ["succeeded", "succeeded", "cancelled"]
    rests = [claim.rest.cents for claim in Claim.objects.order_by("raised_at")]
    assert rests == [450, 0, 4_450]
