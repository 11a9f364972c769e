"""Paying by program: the same bytes for the same key, and refusals that say which field."""

import json
from uuid import uuid4

import pytest
from django.test import Client
from tests.all_at_once import all_at_once
from tests.factories import make_citizen, make_city, make_clerk, sign_in

from rathaus.payments.actions import forget_old_requests
from rathaus.payments.models import IdempotencyKey, Payment
from rathaus.payments.tests.money import owe

pytestmark = pytest.mark.django_db
DOOR = "/api/payments"
# Whoever pays names claims; what they cost is not theirs to say.
CHANGED = '{"claims": ["00000000-0000-0000-0000-000000000001"], "means": "card", "%s": %s}'


@pytest.fixture
def payer():
    make_city()
    return make_citizen()


@pytest.fixture
def window(client: Client, payer) -> Client:
    return sign_in(client, payer)


def ask(window: Client, *claims, key="key-1", means="card", body=None, kind="application/json"):
    content = json.dumps({"claims": [str(claim) for claim in claims], "means": means})
    headers = {} if key is None else {"Idempotency-Key": key}
    return window.post(DOOR, content if body is None else body, kind, headers=headers)


def test_a_payment_is_made_in_the_shapes_of_govuk_pay(window, payer, service):
    claim = owe(payer, 4_450)
    answer = ask(window, claim)

    payment = Payment.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "payment_id": str(payment.pk),
        "amount": 4450,
        "currency": "EUR",
        "means": "card",
        "reference": answer.json()["reference"],
        "created_date": payment.made_at.isoformat(timespec="milliseconds"),
        "state": {"status": "started", "finished": False},
        "claims": [{"claim": str(claim), "amount": 4450}],
        "_links": {
            "self": {"href": f"http://testserver/api/payments/{payment.pk}", "method": "GET"},
            "next_url": {"href": payment.page, "method": "GET"},
            "cancel": {
                "href": f"http://testserver/meine-zahlungen/{payment.pk}/abbrechen/",
                "method": "POST",
            },
        },
    }
    assert window.get(f"{DOOR}/{payment.pk}").json() == answer.json()


def test_the_same_key_answers_the_same_bytes_whatever_happened_since(window, payer, service):
    claim = owe(payer)
    first = ask(window, claim)
    service.pay(first.json()["_links"]["next_url"]["href"])
    payment = Payment.objects.get()
    window.get(f"/meine-zahlungen/{payment.pk}/zurueck/")

    again = ask(window, claim)

    assert (again.status_code, again.content) == (201, first.content)
    shown = window.get(f"{DOOR}/{payment.pk}").json()
    assert shown["state"] == {"status": "success", "finished": True}
    assert list(shown["_links"]) == ["self"]
    assert Payment.objects.count() == 1


def test_the_same_key_with_other_bytes_is_a_conflict(window, payer, service):
    first = ask(window, owe(payer))
    for other in (ask(window, owe(payer)), ask(window, body='{"claims": []}')):
        assert other.status_code == 409
        assert other.json()["description"] == (
            "Unter diesem Schlüssel wurde schon etwas anderes verlangt."
        )
    assert Payment.objects.count() == 1
    assert bytes(IdempotencyKey.objects.get().body) == first.content


@pytest.mark.django_db(transaction=True)
def test_many_at_once_with_one_key_get_the_same_bytes(payer, service):
    claim = owe(payer)

    answers = all_at_once(*[lambda: ask(sign_in(Client(), payer), claim).content] * 6)

    assert len(set(answers)) == 1
    assert Payment.objects.count() == 1


def test_keys_belong_to_a_person(window, payer, service):
    ask(window, owe(payer))
    other = make_citizen()

    answer = ask(sign_in(Client(), other), owe(other))

    assert answer.status_code == 201
    assert Payment.objects.count() == 2


@pytest.mark.parametrize(
    ("changed", "status", "field"),
    [
        ({"key": None}, 400, None),
        ({"key": "x" * 65}, 400, None),
        ({"kind": "text/plain"}, 415, None),
        ({"body": "{"}, 422, ""),
        ({"body": "[]"}, 422, ""),
        ({"body": '{"claims": [], "means": "card"}'}, 422, "claims"),
        ({"body": '{"claims": ["Hund"], "means": "card"}'}, 422, "claims.0"),
        ({"body": CHANGED % ("amount", "1")}, 422, "amount"),
        ({"body": CHANGED % ("currency", '"XXX"')}, 422, "currency"),
        ({"means": "gold"}, 422, "means"),
        ({"means": "cash"}, 422, None),
        ({"body": " " * 20_000}, 415, None),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(window, payer, service, changed, status, field):
    answer = ask(window, owe(payer), **changed)

    assert answer.status_code == status
    if answer["Content-Type"] == "application/json":
        assert answer.json().get("field") == field
    assert (Payment.objects.count(), IdempotencyKey.objects.count()) == (0, 0)


def test_a_silent_service_is_503_and_the_same_key_works_later(window, payer, service, settings):
    claim = owe(payer)
    settings.STRIPE_API = "http://127.0.0.1:9"
    assert ask(window, claim).status_code == 503
    assert IdempotencyKey.objects.count() == 0

    settings.STRIPE_API = service.address
    assert ask(window, claim).status_code == 201
    assert Payment.objects.count() == 1


def test_only_the_citizen_asks_and_only_with_the_token(window, payer, service):
    claim = owe(payer)
    assert ask(Client(), claim).status_code == 302
    assert ask(sign_in(Client(), make_clerk()), claim).status_code == 403
    careful = sign_in(Client(enforce_csrf_checks=True), payer)
    assert ask(careful, claim).status_code == 403
    stranger = sign_in(Client(), make_citizen())
    assert ask(stranger, claim).status_code == 404
    assert stranger.get(f"{DOOR}/{uuid4()}").status_code == 404
    assert Payment.objects.count() == 0


def test_answers_are_forgotten_after_a_month(window, payer, service):
    ask(window, owe(payer))
    assert forget_old_requests() == 0
    IdempotencyKey.objects.update(made_at="2026-01-01T00:00:00Z")
    assert forget_old_requests() == 1
