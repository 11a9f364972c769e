"""A citizen's address for mail is kept once a code has come back from it."""

from datetime import timedelta

import pytest
import time_machine
from tests.factories import make_citizen, make_guest, sign_in
from tests.mailed_code import mailed_code

from rathaus.accounts import actions
from rathaus.accounts.queries import actor_of
from rathaus.core.clock import now
from rathaus.core.models import OutgoingMail

pytestmark = pytest.mark.django_db

ASK, CONFIRM = "/konto/e-mail/", "/konto/e-mail/code/"


@pytest.fixture
def citizen(client):
    person = make_citizen(email="alt@post.example")
    sign_in(client, person)
    return person


def address_of(person) -> str:
    person.refresh_from_db()
    return person.email


def test_the_address_changes_when_the_code_comes_back(client, citizen):
    assert client.post(ASK, {"email": "Neu@post.example"})["Location"] == CONFIRM
    assert "neu@post.example" in client.get(CONFIRM).content.decode()
    assert address_of(citizen) == "alt@post.example"

    assert client.post(CONFIRM, {"code": mailed_code()})["Location"] == "/konto/"

    assert address_of(citizen) == "neu@post.example"


def test_two_of_a_family_may_share_an_address(client, citizen):
    make_citizen(email="familie@post.example")
    make_guest(email="familie@post.example")

    client.post(ASK, {"email": "familie@post.example"})
    client.post(CONFIRM, {"code": mailed_code()})

    assert address_of(citizen) == "familie@post.example"


def test_three_wrong_codes_end_it(client, citizen):
    client.post(ASK, {"email": "neu@post.example"})
    code = mailed_code()

    answers = [client.post(CONFIRM, {"code": "BBBB-BBBB"}).status_code for _ in range(3)]

    assert answers == [200, 200, 410]
    assert client.post(CONFIRM, {"code": code}).status_code == 410
    assert address_of(citizen) == "alt@post.example"


def test_a_code_expires(client, citizen):
    client.post(ASK, {"email": "neu@post.example"})

    with time_machine.travel(now() + timedelta(minutes=10, seconds=1)):
        assert client.post(CONFIRM, {"code": mailed_code()}).status_code == 410
    assert address_of(citizen) == "alt@post.example"


def test_a_code_works_once_and_not_in_another_session(client, citizen):
    client.post(ASK, {"email": "neu@post.example"})
    code = mailed_code()
    other = sign_in(type(client)(), citizen)

    assert other.post(CONFIRM, {"code": code}).status_code == 410
    assert client.post(CONFIRM, {"code": code}).status_code == 302
    assert client.post(CONFIRM, {"code": code}).status_code == 410
    assert client.get(CONFIRM)["Location"] == ASK


def test_mails_to_one_address_are_limited(client, citizen):
    answers = [client.post(ASK, {"email": "opfer@post.example"}).status_code for _ in range(4)]

    assert answers == [302, 302, 302, 429]
    assert OutgoingMail.objects.count() == 3


def test_the_address_of_a_guest_is_the_key_and_stays(client):
    guest = make_guest(email="gast@post.example")
    sign_in(client, guest)

    assert client.get(ASK).status_code == 403
    with pytest.raises(actions.NotYours):
        actions.change_contact_email(by=actor_of(guest), email="neu@post.example")
    assert address_of(guest) == "gast@post.example"
