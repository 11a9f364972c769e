"""No log line of any sign-in holds a name, an address, an identifier, a code or a token."""

import logging

import pytest
from tests.factories import make_clerk
from tests.mailed_code import mailed_code

from rathaus.accounts.tests.conftest import (
    ADDRESS,
    BPK,
    CITIZEN,
    COLLEAGUE,
    go_to_provider,
    sign_in_by,
)
from rathaus.accounts.tests.test_accounts_email_code import ask_for_code, enter_code
from rathaus.accounts.tests.test_accounts_staff_sign_in import PASSWORD, knock

pytestmark = pytest.mark.django_db

FAILURES = [
    "",
    "wrong_nonce",
    "expired",
    "bad_signature",
    "token_down",
    "token_broken",
    "cancelled",
    "slow",
]


@pytest.fixture
def lines(caplog, capfd):
    """Everything that any logger said, at any level, and everything on the standard streams."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger("urllib3").setLevel(logging.DEBUG)

    def said() -> str:
        records = [f"{record.getMessage()} {vars(record)}" for record in caplog.records]
        return "\n".join([*records, *capfd.readouterr()])

    return said


def secrets_of(*more: str) -> list[str]:
    people = [BPK, CITIZEN["given_name"], CITIZEN["family_name"], ADDRESS["Strasse"], "1988-04-17"]
    staff = [COLLEAGUE["email"], COLLEAGUE["family_name"], COLLEAGUE["sub"]]
    return [*people, *staff, *more]


@pytest.mark.parametrize("fail", FAILURES)
def test_sign_in_by_provider_leaves_no_personal_data_in_the_logs(client, provider, lines, fail):
    for door, claims in (("id_austria", CITIZEN), ("staff_directory", COLLEAGUE)):
        provider.expect(claims, fail=fail)
        sign_in_by(client, door)
    logged = lines()

    assert "rathaus.request" in logged
    assert [word for word in secrets_of("id_token", "provider-secret") if word in logged] == []


def test_a_provider_that_refuses_with_names_in_its_answer_is_not_quoted(client, provider, lines):
    provider.expect({**CITIZEN, "birthdate": "Valentina Österreicher"})
    sign_in_by(client)

    assert [word for word in secrets_of() if word in lines()] == []


def test_the_code_of_a_provider_is_not_logged(client, provider, lines):
    provider.expect(CITIZEN)
    back = go_to_provider(client)
    client.get(back)

    assert back.split("code=")[1].split("&")[0] not in lines()


def test_sign_in_by_code_leaves_no_personal_data_in_the_logs(client, lines):
    ask_for_code(client, "valentina@post.example")
    code = mailed_code()
    enter_code(client, "BBBB-BBBB")
    enter_code(client, code)

    logged = lines()
    assert [word for word in ("valentina@post.example", "valentina", code) if word in logged] == []


def test_sign_in_by_password_leaves_no_personal_data_in_the_logs(client, lines):
    person = make_clerk("finanzen", email="karla@stadt.example", family_name="Unverkennbar")
    person.set_password(PASSWORD)
    person.save()
    knock(client, password="ganz-falsches-passwort")
    knock(client)
    client.get("/amt/zweiter-faktor/")

    logged = lines()
    told = ("karla@stadt.example", "Unverkennbar", PASSWORD, "ganz-falsches-passwort")
    assert [word for word in told if word in logged] == []


def test_sign_ins_failures_and_sign_outs_are_logged(client, lines):
    person = make_clerk("finanzen", email="karla@stadt.example")
    person.set_password(PASSWORD)
    person.save()
    knock(client, password="ganz-falsches-passwort")
    knock(client)
    client.post("/konto/abmelden/")

    logged = lines()
    for said in ("sign-in failed", "signed in", "signed out"):
        assert f"'event': '{said}'" in logged


def test_the_search_would_find_what_it_looks_for(lines):
    logging.getLogger("rathaus.accounts").warning("a mistake: %s", BPK)

    assert BPK in lines()
