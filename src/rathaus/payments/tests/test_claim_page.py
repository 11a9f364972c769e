"""One claim with its money: what a clerk sees and does there, and what is refused."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from tests.factories import make_citizen, make_clerk, sign_in

from rathaus.audit.models import Act, Entry
from rathaus.core.clock import today
from rathaus.payments.incoming import Means
from rathaus.payments.models import Credit, Instalment, Refund
from rathaus.payments.tests.money import owe, pay, standing

pytestmark = pytest.mark.django_db

RIGHTS = ("payments.read", "payments.set_off", "payments.instalments", "payments.give_back")


@pytest.fixture
def debtor():
    return make_citizen()


@pytest.fixture
def claim(debtor):
    return owe(debtor)


@pytest.fixture
def treasury():
    return sign_in(Client(), make_clerk(None, *RIGHTS))


def test_the_page_shows_what_came_and_what_is_open(debtor, claim, treasury):
    received = pay(4_000, (claim, 4_000), payer=debtor.pk)

    page = treasury.get(f"/amt/forderung/{claim}/").content.decode().replace("\xa0", " ")

    for words in ("Hundeabgabe: € 100,00", "offen sind noch € 60,00", received.number, "RF"):
        assert words in page
    assert Entry.objects.get(act=Act.READ).did == "payments.claim"
    assert treasury.get(f"/amt/forderung/{uuid4()}/").status_code == 404
    stranger = sign_in(Client(), make_clerk(None, "payments.ledger"))
    assert stranger.get(f"/amt/forderung/{claim}/").status_code == 403


def test_a_credit_is_set_off_with_one_click_even_if_it_is_two(debtor, claim, treasury):
    pay(6_000, payer=debtor.pk)
    fields = {"credit": str(Credit.objects.get().pk), "cents": "6000", "key": str(uuid4())}

    for _ in range(2):
        assert treasury.post(f"/amt/forderung/{claim}/verrechnen/", fields).status_code == 302
    other = treasury.post(f"/amt/forderung/{claim}/verrechnen/", {**fields, "key": str(uuid4())})

    assert other.status_code == 422
    assert standing(claim) == ("open", 4_000)
    assert Credit.objects.get().left_cents == 0


def test_instalments_are_granted_or_refused_with_a_reason(claim, treasury):
    address = f"/amt/forderung/{claim}/raten/"
    refused = treasury.post(address, {"count": "1", "first_due": "x"})
    assert (refused.status_code, Instalment.objects.count()) == (422, 0)
    assert "Bitte geben Sie eine Zahl von 2 bis 36 ein." in refused.content.decode()

    day = f"{today() + timedelta(30):%d.%m.%Y}"
    assert treasury.post(address, {"count": "4", "first_due": day}).status_code == 302

    assert list(Instalment.objects.values_list("cents", flat=True)) == [2_500] * 4
    page = treasury.get(f"/amt/forderung/{claim}/").content.decode().replace("\xa0", " ")
    assert page.count("€ 25,00") == 8


def test_money_goes_back_as_typed(debtor, claim, treasury):
    received = pay(10_000, (claim, 10_000), payer=debtor.pk, means=Means.CARD)
    address = f"/amt/forderung/{claim}/rueckzahlung/"
    fields = {
        "receipt": str(received.receipt),
        "key": str(uuid4()),
        "amount": "12,50",
        "why": "Kulanz",
        "iban": "",
        "name": "",
    }

    for wrong in ({"amount": "12.5"}, {"amount": "0"}, {"amount": "100,01"}, {"why": ""}):
        assert treasury.post(address, {**fields, **wrong}).status_code == 422
    assert Refund.objects.count() == 0
    for _ in range(2):
        assert treasury.post(address, fields).status_code == 302

    assert Refund.objects.get().cents == 1_250
