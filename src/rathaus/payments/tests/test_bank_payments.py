"""A transfer under the reference of a payment, which names several claims at once."""

import io
import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import segno
from django.test import Client
from django.urls import reverse
from tests.factories import make_citizen, make_city, sign_in
from tests.qr_codes import scanned

from rathaus.accounts.queries import actor_of
from rathaus.core.actor import SYSTEM
from rathaus.core.clock import as_of, now
from rathaus.payments.actions import Wish, cancel_claim, open_payment, start_payment
from rathaus.payments.actions.pursuing import look_after_payments
from rathaus.payments.epc import epc_code
from rathaus.payments.incoming import Means
from rathaus.payments.models import BankMovement, Credit, Payment, PaymentReference
from rathaus.payments.queries import find_open_claims, payment_of, transfer_for
from rathaus.payments.tests.bank import come, open_bank_account, reference_to
from rathaus.payments.tests.money import balances, owe, standing
from rathaus.payments.views.pictures import picture

pytestmark = pytest.mark.django_db
CHOICE = "/meine-zahlungen/zahlen/"
SETTLED = ("settled", 0)


@pytest.fixture
def payer():
    make_city()
    open_bank_account()
    return make_citizen()


def transfer(payer, *claims: UUID) -> str:
    """A payment of these claims by transfer; its reference."""
    by = actor_of(payer)
    wish = Wish(frozenset(claims), Means.BANK)
    payment = start_payment(by=by, key=str(uuid4()), wish=wish)
    open_payment(by=by, payment=payment)
    return PaymentReference.objects.get(payment=payment).reference


def outcomes(row: BankMovement) -> list[tuple[UUID, str, int]]:
    shares = row.receipt.shares.order_by("position")
    return list(shares.values_list("claim", "outcome", "cents"))


def state() -> str:
    return Payment.objects.get().state


def test_the_reference_of_the_paying_page_settles_every_claim(client: Client, payer):
    dog, tree = owe(payer, 4_450), owe(payer, 6_000)
    window = sign_in(client, payer)
    fields = {"forderung": [dog, tree], "means": "bank", "key": uuid4()}
    page = window.post(CHOICE, fields, follow=True)
    text = re.sub(r"\s+", " ", page.content.decode())
    [shown] = set(re.findall(r"RF\d\d(?: \d{4}){3}", text))

    row = come("104.50", text=shown)

    assert (row.state, row.way, row.payer_id) == ("booked", "text", payer.pk)
    assert outcomes(row) == [(dog, "settled", 4_450), (tree, "settled", 6_000)]
    assert (state(), balances()) == ("succeeded", {"bank": 10_450, "income": -10_450})
    after = window.get(page.redirect_chain[-1][0]).content.decode()
    assert "Danke, Ihre Zahlung ist bei uns." in after


def test_the_reference_in_the_code_and_one_typing_mistake_do_too(payer, client: Client):
    dog, tree = owe(payer, 4_450), owe(payer, 6_000)
    transfer(payer, dog, tree)
    row = payment_of(actor_of(payer), Payment.objects.get().pk)
    code = epc_code(transfer_for(row))
    page = sign_in(client, payer).get(reverse("payments:code", args=[row.payment]))
    assert page.content == picture(code).content
    reference = read(code).splitlines()[-1]

    wrong = reference[:-1] + str((int(reference[-1]) + 1) % 10)
    left = come("104.40", structured=wrong)
    assert (left.state, left.doubt) == ("left", "amount")
    assert left.proposals == [str(dog), str(tree)]
    assert standing(dog) == ("open", 4_450)

    row = come("104.50", structured=wrong)
    assert (row.state, row.way) == ("booked", "typo")
    assert (standing(dog), standing(tree)) == (SETTLED, SETTLED)


def read(code: segno.QRCode) -> str:
    """What a phone reads off the code."""
    drawn = io.BytesIO()
    code.save(drawn, kind="png", scale=4, border=4)
    return scanned(drawn)


def test_too_little_pays_in_the_order_of_the_payment_and_the_page_asks_for_the_rest(
    client: Client, payer
):
    dog, tree = owe(payer, 4_450), owe(payer, 6_000)
    reference = transfer(payer, dog, tree)

    row = come("50.00", text=reference)

    assert outcomes(row) == [(dog, "settled", 4_450), (tree, "partial", 550)]
    assert (state(), standing(tree)) == ("pending", ("open", 5_450))
    page = sign_in(client, payer).get(f"/meine-zahlungen/{Payment.objects.get().pk}/")
    text = re.sub(r"\s+", " ", page.content.decode())
    assert "Noch offen: € 54,50" in text
    assert "QR-Code für eine Überweisung von € 54,50." in text

    again = come("54.50", text=reference)
    assert outcomes(again) == [(tree, "settled", 5_450)]
    assert (state(), Credit.objects.count()) == ("succeeded", 0)


def test_too_much_is_a_credit_of_the_payer(payer):
    dog, tree = owe(payer, 4_450), owe(payer, 6_000)
    row = come("110.00", text=transfer(payer, dog, tree))
    assert outcomes(row) == [(dog, "settled", 4_450), (tree, "over", 6_000)]
    assert Credit.objects.get(owner=payer).left_cents == 550


def test_a_claim_that_was_paid_meanwhile_is_paid_twice_and_the_others_once(payer):
    dog, tree = owe(payer, 4_450), owe(payer, 6_000)
    reference = transfer(payer, dog, tree)
    come("44.50", text=reference_to(dog))
    assert state() == "pending"

    row = come("104.50", text=reference)

    assert outcomes(row) == [(dog, "double", 0), (tree, "settled", 6_000)]
    assert Credit.objects.get(owner=payer).left_cents == 4_450
    assert state() == "succeeded"


def test_who_leaves_out_what_was_paid_meanwhile_pays_just_the_rest(payer):
    dog, tree = owe(payer, 4_450), owe(payer, 6_000)
    reference = transfer(payer, dog, tree)
    come("44.50", text=reference_to(dog))
    assert outcomes(come("60.00", text=reference)) == [(tree, "settled", 6_000)]
    assert not Credit.objects.exists()


def test_the_whole_transfer_twice_is_a_credit_for_all_of_it(payer):
    dog, tree = owe(payer, 4_450), owe(payer, 6_000)
    reference = transfer(payer, dog, tree)
    come("104.50", text=reference)
    row = come("104.50", text=reference)
    assert outcomes(row) == [(dog, "double", 0), (tree, "double", 0)]
    assert Credit.objects.get(owner=payer).left_cents == 10_450


def test_too_late_is_told_of_each_claim_though_the_payment_has_expired(payer):
    dog = owe(payer, 4_450, due_on=now().date() - timedelta(days=400))
    tree, gone = owe(payer, 6_000), owe(payer, 1_000)
    reference = transfer(payer, dog, tree, gone)
    cancel_claim(by=SYSTEM, claim=gone, why="Irrtum")
    with as_of(now() + timedelta(days=31)):
        assert look_after_payments() == {"expired": 1}

    row = come("114.50", text=reference)

    assert outcomes(row) == [(dog, "late", 4_450), (tree, "settled", 6_000), (gone, "late", 0)]
    assert Credit.objects.get(owner=payer).left_cents == 1_000
    assert (state(), standing(tree)) == ("expired", SETTLED)


def test_a_person_finds_its_claims_by_its_reference(payer):
    dog, tree, _other = owe(payer, 4_450), owe(payer, 6_000), owe(payer)
    found = find_open_claims(by=SYSTEM, words=transfer(payer, dog, tree))
    assert [choice.claim for choice in found] == [dog, tree]
