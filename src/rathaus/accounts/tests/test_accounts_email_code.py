"""Guests come in by a code that is mailed to them."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from tests.factories import make_citizen, make_clerk, make_guest
from tests.mailed_code import CODE, mailed_code

from rathaus.accounts import actions
from rathaus.accounts.models import Person
from rathaus.core.clock import now
from rathaus.core.models import OutgoingMail

pytestmark = pytest.mark.django_db

ASK = "/konto/anmelden/code/"
ENTER = "/konto/anmelden/code/eingeben/"


def ask_for_code(client: Client, email: str = "neu@post.example", **form: str):
    return client.post(ASK, {"email": email, **form})


def enter_code(client: Client, code: str, **form: str):
    return client.post(ENTER, {"code": code, "action": "verify", **form})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_somebody_new_comes_in_as_guest(client):
    assert ask_for_code(client, "Neu@Post.example")["Location"] == ENTER

    response = enter_code(client, mailed_code())

    assert response["Location"] == "/meine-anliegen/"
    person = Person.objects.get()
    assert (person.kind, person.email, person.has_usable_password()) == (
        "guest",
        "neu@post.example",
        False,
    )
    assert client.session["_auth_user_id"] == str(person.pk)


def test_a_guest_is_known_again(client):
    guest = make_guest(email="gast@post.example")

    ask_for_code(client, "gast@post.example")
    enter_code(client, mailed_code().lower().replace("-", " "))

    assert client.session["_auth_user_id"] == str(guest.pk)
    assert Person.objects.count() == 1


def test_wrong_codes_are_counted_and_end_the_attempt(client):
    ask_for_code(client)
    code = mailed_code()

    answers = [enter_code(client, "BBBB-BBBB").status_code for _ in range(2)]
    last = enter_code(client, "BBBB-BBBB")

    assert answers == [200, 200]
    assert last["Location"] == ASK
    assert enter_code(client, code)["Location"] == ASK  # the right one comes too late
    assert not is_signed_in(client)


def test_after_three_wrong_codes_a_new_one_leads_where_somebody_was_going(client):
    ask_for_code(client, next="/konto/sitzungen/")
    for _ in range(2):
        enter_code(client, "BBBB-BBBB", next="/konto/sitzungen/")

    last = enter_code(client, "BBBB-BBBB", next="/konto/sitzungen/")

    assert last["Location"] == f"{ASK}?next=%2Fkonto%2Fsitzungen%2F"
    page = client.get(last["Location"]).content.decode()
    assert 'name="next" value="/konto/sitzungen/"' in page
    assert "Dieser Code gilt nicht mehr. Bitte fordern Sie einen neuen an." in page
    assert "Zu viele Versuche" not in page


def test_a_code_expires_after_ten_minutes(client):
    ask_for_code(client)
    code = mailed_code()

    with time_machine.travel(now() + timedelta(minutes=10, seconds=1)):
        response = enter_code(client, code)

    assert response["Location"] == ASK
    assert not is_signed_in(client)


def test_a_code_works_in_the_browser_that_asked_for_it_only(client):
    ask_for_code(client)

    other = Client()
    assert enter_code(other, mailed_code())["Location"] == ASK
    assert not is_signed_in(other)


def test_who_asks_again_in_the_same_browser_gets_a_new_mail(client):
    for asked in (1, 2, 3):
        assert ask_for_code(client)["Location"] == ENTER
        assert OutgoingMail.objects.count() == asked

    enter_code(client, mailed_code())
    assert is_signed_in(client)


def test_who_mistyped_the_address_can_give_another_one(client):
    ask_for_code(client, "vertipt@post.example")

    assert 'name="email"' in client.get(ASK).content.decode()
    ask_for_code(client, "richtig@post.example")
    enter_code(client, mailed_code())

    assert Person.objects.get(pk=client.session["_auth_user_id"]).email == "richtig@post.example"


def test_a_new_code_makes_the_old_one_void(client):
    ask_for_code(client)
    old = mailed_code()
    client.post(ENTER, {"action": "resend"})
    new = mailed_code()

    assert new != old
    assert enter_code(client, old).status_code == 200
    assert not is_signed_in(client)
    assert enter_code(client, new).status_code == 302
    assert is_signed_in(client)


@pytest.mark.parametrize("kind", ["staff", "deactivated"])
def test_the_page_does_not_tell_who_has_an_account(client, kind):
    if kind == "staff":
        make_clerk("finanzen", email="karla@stadt.example")
    else:
        make_guest(email="karla@stadt.example", is_active=False)
    stranger = Client()

    known = ask_for_code(client, "karla@stadt.example"), client.get(ENTER)
    unknown = ask_for_code(stranger, "karla@stadt.exampla"), stranger.get(ENTER)

    assert known[0].status_code == unknown[0].status_code == 302
    assert known[0]["Location"] == unknown[0]["Location"]
    pages = [_without_token(answer[1]).replace("exampla", "example") for answer in (known, unknown)]
    assert pages[0] == pages[1]
    mail = OutgoingMail.objects.get(recipient="karla@stadt.example")
    assert CODE.search(mail.text) is None
    assert "Anmeldung per Code nicht möglich" in mail.subject


def _without_token(response) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())


def test_the_address_of_a_citizen_opens_no_citizens_account(client):
    citizen = make_citizen(email="clara@post.example")

    ask_for_code(client, "clara@post.example")
    enter_code(client, mailed_code())

    assert client.session["_auth_user_id"] != str(citizen.pk)
    assert Person.objects.get(pk=client.session["_auth_user_id"]).kind == "guest"


def test_codes_for_one_address_are_limited(client):
    answers = [ask_for_code(Client()).status_code for _ in range(4)]

    assert answers == [302, 302, 302, 200]
    assert OutgoingMail.objects.count() == 3
    assert "zu viele Codes" in ask_for_code(client).content.decode()


def test_the_wish_where_to_go_survives_the_mail(client):
    response = ask_for_code(client, next="/konto/sitzungen/")

    assert response["Location"] == f"{ENTER}?next=%2Fkonto%2Fsitzungen%2F"
    assert (
        'name="next" value="/konto/sitzungen/"' in client.get(response["Location"]).content.decode()
    )
    answer = enter_code(client, mailed_code(), next="/konto/sitzungen/")
    assert answer["Location"] == "/konto/sitzungen/"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_a_foreign_wish_is_ignored(client, target):
    ask_for_code(client, next=target)

    assert enter_code(client, mailed_code(), next=target)["Location"] == "/meine-anliegen/"


def test_protected_pages_bring_people_back(client):
    response = client.get("/konto/")

    assert response["Location"] == "/konto/anmelden/?next=/konto/"
    assert 'name="next" value="/konto/"' in client.get(response["Location"]).content.decode()


@pytest.mark.parametrize(
    "email", ["", "no address", "a@b", f"{'x' * 250}@post.example", "😀@post.example\n"]
)
def test_what_is_no_address_is_said_so(client, email):
    response = ask_for_code(client, email)

    assert response.status_code == 200
    assert Person.objects.count() == 0
    assert OutgoingMail.objects.count() == 0


def test_addresses_that_never_came_in_are_forgotten():
    with time_machine.travel(now() - timedelta(days=2)):
        forgotten = make_guest()
        stays = make_guest(last_login=now())
    fresh = make_guest()

    assert actions.sweep_unconfirmed_guests() == 1
    assert set(Person.objects.values_list("pk", flat=True)) == {stays.pk, fresh.pk}
    assert not Person.objects.filter(pk=forgotten.pk).exists()
