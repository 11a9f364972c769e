"""Sign-in by OpenID Connect against a real provider process: what works, and every way in which it
can fail.
"""

import json
from base64 import b64encode
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from psycopg.sql import SQL, Identifier
from tests.factories import make_clerk, make_department

from rathaus.accounts.models import GroupGrant, Membership, Person, Role
from rathaus.accounts.tests.conftest import BPK, CITIZEN, COLLEAGUE, go_to_provider, sign_in_by

pytestmark = pytest.mark.django_db

FAILURES = {
    "wrong_nonce": 400,
    "expired": 400,
    "wrong_issuer": 400,
    "wrong_audience": 400,
    "bad_signature": 400,
    "unsigned": 400,
    "symmetric": 400,
    "unknown_key": 400,
    "wrong_state": 400,
    "no_id_token": 400,
    "token_down": 400,
    "token_broken": 502,
    "keys_down": 502,
    "slow": 502,
    "cancelled": 200,
}


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_citizen_comes_in_with_name_birth_date_and_address(client, provider):
    provider.expect(CITIZEN)

    response = sign_in_by(client)

    assert response.status_code == 302
    assert response["Location"] == "/meine-anliegen/"
    person = Person.objects.get()
    assert (person.kind, person.given_name, person.family_name) == (
        "citizen",
        "Valentina",
        "Österreicher",
    )
    assert person.birth_date == date(1988, 4, 17)
    assert person.address == {
        "street": "Lindengasse",
        "house_number": "12",
        "door": "7",
        "postcode": "4890",
        "place": "Lindenfurt",
        "municipality": "Lindenfurt",
        "municipality_code": "40000",
    }
    assert client.session["_auth_user_id"] == str(person.pk)


def test_the_way_to_the_provider_carries_pkce_nonce_and_state_and_nothing_from_the_address_bar(
    client, provider
):
    provider.expect(CITIZEN)

    response = client.post(
        "/konto/anmelden/id-austria/?scope=everything&auth_params=nonce%3Dmine&process=connect&next=/konto/"
    )

    asked = {
        name: values[0] for name, values in parse_qs(urlsplit(response["Location"]).query).items()
    }
    assert set(asked["scope"].split()) == {"openid", "profile"}
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["nonce"]) == 64
    assert asked["response_type"] == "code"
    assert asked["redirect_uri"] == "http://testserver/konto/anmelden/id-austria/zurueck/"


def test_the_same_citizen_is_known_again_with_news(client, provider):
    provider.expect(CITIZEN)
    sign_in_by(client)
    provider.expect({**CITIZEN, "family_name": "Neumayer"})

    sign_in_by(Client())

    person = Person.objects.get()
    assert person.family_name == "Neumayer"
    assert person.birth_date == date(1988, 4, 17)


def test_the_bpk_is_nowhere_in_the_database(client, provider):
    provider.expect(CITIZEN)
    sign_in_by(client)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        found = []
        for table in tables:
            question = SQL("SELECT count(*) FROM {} AS line WHERE line::text LIKE %s")
            cursor.execute(question.format(Identifier(table)), [f"%{BPK}%"])
            found += [table] * cursor.fetchone()[0]
    sessions = [json.dumps(session.get_decoded()) for session in Session.objects.all()]

    assert found == []
    assert [session for session in sessions if BPK in session] == []
    account = SocialAccount.objects.get()
    assert account.uid == Person.objects.get().identifier_hash
    assert account.extra_data == {}
    assert SocialToken.objects.count() == 0


def test_a_foreign_destination_is_not_followed(client, provider):
    provider.expect(CITIZEN)

    assert sign_in_by(client, next="https://evil.example/")["Location"] == "/meine-anliegen/"
    assert sign_in_by(Client(), next="/konto/sitzungen/")["Location"] == "/konto/sitzungen/"


@pytest.mark.parametrize(("fail", "status"), FAILURES.items())
def test_every_failure_ends_on_a_plain_page_and_nobody_is_signed_in(client, provider, fail, status):
    provider.expect(CITIZEN, fail=fail)

    response = sign_in_by(client)

    assert response.status_code == status
    assert "Noch einmal versuchen" in response.content.decode()
    assert not is_signed_in(client)
    assert Person.objects.count() == 0
    assert SocialAccount.objects.count() == 0


@pytest.mark.parametrize("missing", ["exp", "nonce", "iat", "sub", "aud", "iss"])
def test_a_token_without_a_required_claim_proves_nothing(client, provider, missing):
    provider.expect(CITIZEN, without=(missing,))

    assert sign_in_by(client).status_code == 400
    assert not is_signed_in(client)


@pytest.mark.parametrize("missing", ["urn:pvpgvat:oidc.bpk", "given_name", "family_name"])
def test_missing_attributes_are_named_as_such(client, provider, missing):
    provider.expect(CITIZEN, without=(missing,))

    response = sign_in_by(client)

    assert response.status_code == 502
    assert "nicht alle nötigen Angaben" in response.content.decode()
    assert Person.objects.count() == 0


@pytest.mark.parametrize(
    "claims",
    [
        {"birthdate": "17.04.1988"},
        {"birthdate": 19880417},
        {"urn:eidgvat:attributes.mainAddress": "no base64!"},
        {"urn:eidgvat:attributes.mainAddress": b64encode(b"[1]").decode()},
        {"urn:eidgvat:attributes.mainAddress": b64encode(b"\xff\xfe").decode()},
        {"given_name": 7},
        {"urn:pvpgvat:oidc.bpk": "   "},
    ],
)
def test_unreadable_attributes_change_nothing(client, provider, claims):
    provider.expect({**CITIZEN, **claims})

    assert sign_in_by(client).status_code == 502
    assert Person.objects.count() == 0


def test_acting_for_somebody_is_refused_in_plain_words(client, provider):
    provider.expect(
        {
            **CITIZEN,
            "urn:pvpgvat:oidc.mandate_type": "Einzelvertretungsbefugnis",
            "urn:pvpgvat:oidc.mandator_legal_person_full_name": "Muster GmbH",
        }
    )

    response = sign_in_by(client)

    assert response.status_code == 403
    assert "Bitte melden Sie sich im eigenen Namen an" in response.content.decode()
    assert Person.objects.count() == 0


def test_an_answer_works_once(client, provider):
    provider.expect(CITIZEN)
    back = go_to_provider(client)
    client.get(back)
    client.post("/konto/abmelden/")

    assert client.get(back).status_code == 400
    assert not is_signed_in(client)


def test_a_code_works_once_even_with_a_fresh_state(client, provider):
    provider.expect(CITIZEN)
    used = parse_qs(urlsplit(go_to_provider(client)).query)["code"][0]
    thief = Client()
    fresh = parse_qs(urlsplit(go_to_provider(thief)).query)["state"][0]

    response = thief.get(f"/konto/anmelden/id-austria/zurueck/?code={used}&state={fresh}")

    assert response.status_code == 400  # the code belongs to another PKCE verifier
    assert not is_signed_in(thief)


def test_an_answer_for_another_browser_is_refused(client, provider):
    provider.expect(CITIZEN)
    back = go_to_provider(client)

    other = Client()
    assert other.get(back).status_code == 400
    assert not is_signed_in(other)


@pytest.mark.parametrize("fail", ["discovery_incomplete", "discovery_broken"])
def test_a_provider_that_describes_itself_wrongly_is_told_before_leaving(client, provider, fail):
    provider.expect(CITIZEN, fail=fail)

    response = client.post("/konto/anmelden/id-austria/")

    assert response.status_code in (400, 502)
    assert "Noch einmal versuchen" in response.content.decode()


def test_a_provider_that_is_down_is_told_before_leaving(client, provider, settings):
    settings.SOCIALACCOUNT_PROVIDERS["id_austria"]["APPS"][0]["settings"]["server_url"] = (
        "http://127.0.0.1:9"
    )

    response = client.post("/konto/anmelden/id-austria/")

    assert response.status_code == 502
    assert "antwortet gerade nicht" in response.content.decode()


def test_a_door_that_is_not_configured_does_not_exist(client):
    assert client.post("/konto/anmelden/id-austria/").status_code == 404
    assert client.get("/konto/anmelden/id-austria/zurueck/?code=x&state=y").status_code == 404


def test_only_a_click_begins_a_sign_in(client, provider):
    assert client.get("/konto/anmelden/id-austria/")["Location"] == "/konto/anmelden/"


def test_a_deactivated_citizen_stays_outside(client, provider):
    provider.expect(CITIZEN)
    sign_in_by(client)
    Person.objects.update(is_active=False)
    other = Client()

    assert sign_in_by(other)["Location"] == "/konto/gesperrt/"
    assert not is_signed_in(other)


@pytest.fixture
def finance_clerk() -> GroupGrant:
    role = Role.objects.create(
        slug="sachbearbeitung", name={"de": "Sachbearbeitung"}, rights=["cases.read"]
    )
    return GroupGrant.objects.create(
        group="rathaus-finanzen", role=role, department=make_department("finanzen")
    )


def test_staff_get_the_roles_of_their_groups(client, provider, finance_clerk):
    provider.expect(COLLEAGUE)

    assert sign_in_by(client, "staff_directory")["Location"] == "/amt/"

    person = Person.objects.get()
    assert (person.kind, person.email) == ("staff", "greta.huemer@stadt.example")
    held = person.memberships.get()
    assert (held.role_id, held.department_id, held.from_directory) == (
        finance_clerk.role_id,
        finance_clerk.department_id,
        True,
    )
    assert (
        client.get("/amt/sitzungen/").status_code == 200
    )  # the directory asked for the second factor


def test_roles_follow_the_groups_and_hand_given_ones_stay(client, provider, finance_clerk):
    provider.expect(COLLEAGUE)
    sign_in_by(client, "staff_directory")
    person = Person.objects.get()
    by_hand = Role.objects.create(slug="redaktion", name={"de": "Redaktion"}, rights=[])
    Membership.objects.create(person=person, role=by_hand)
    provider.expect({**COLLEAGUE, "groups": []})

    sign_in_by(Client(), "staff_directory")

    assert [held.role.slug for held in person.memberships.all()] == ["redaktion"]


def test_staff_without_a_role_stay_outside_and_leave_no_trace(client, provider):
    provider.expect({**COLLEAGUE, "groups": ["nobody-knows"]})

    response = sign_in_by(client, "staff_directory")

    assert response.status_code == 403
    assert "für keine Rolle freigeschaltet" in response.content.decode()
    assert Person.objects.count() == 0
    assert not is_signed_in(client)


def test_the_first_visit_finds_the_invited_person(client, provider, finance_clerk):
    invited = make_clerk("finanzen", email="greta.huemer@stadt.example")
    provider.expect(COLLEAGUE)

    sign_in_by(client, "staff_directory")

    assert Person.objects.get().pk == invited.pk


def test_without_a_second_factor_at_the_directory_the_house_asks_for_one(
    client, provider, finance_clerk
):
    provider.expect({**COLLEAGUE, "amr": ["pwd"]})

    sign_in_by(client, "staff_directory")

    assert client.get("/amt/sitzungen/")["Location"].startswith("/amt/anmelden/")


@pytest.mark.parametrize("claims", [{"groups": "rathaus-finanzen"}, {"email": ""}, {"amr": "mfa"}])
def test_a_directory_that_says_nonsense_lets_nobody_in(client, provider, finance_clerk, claims):
    provider.expect({**COLLEAGUE, **claims})

    assert sign_in_by(client, "staff_directory").status_code == 502
    assert Person.objects.count() == 0
