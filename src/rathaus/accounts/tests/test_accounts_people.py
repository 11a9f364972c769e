"""Administration of staff and roles: what is done, and what the trail says."""

import re
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse
from tests.factories import make_citizen, make_clerk, make_department, sign_in

from rathaus.accounts import actions, queries
from rathaus.accounts.administration import MANAGE
from rathaus.accounts.models import GroupGrant, Membership, Person, Role
from rathaus.accounts.queries import actor_of
from rathaus.accounts.tests.administering import places, trail
from rathaus.core.errors import NotFound
from rathaus.core.models import OutgoingMail

pytestmark = pytest.mark.django_db
HOUSE = "https://rathaus.example/"


def test_an_invitation_makes_a_person_a_role_and_a_mail(admin, role):
    department = make_department("finanzen")

    made = actions.invite(
        by=actor_of(admin),
        email="Neu@stadt.example",
        given_name="Nora",
        family_name="Neu",
        role=role.pk,
        department=department.pk,
        why="Nachfolge",
        house_address=HOUSE,
    )

    assert (made.kind, made.email, made.has_usable_password()) == (
        "staff",
        "neu@stadt.example",
        False,
    )
    assert places(made) == {("leitung", "finanzen")}
    mail = OutgoingMail.objects.get()
    assert mail.recipient == "neu@stadt.example"
    assert re.search(r"https://rathaus\.example/amt/passwort/[\w-]+/[\w-]+/", mail.text)
    assert trail() == [("accounts.invited", "Nachfolge")]


def test_an_address_in_use_is_not_invited_twice(admin, colleague, role):
    with pytest.raises(actions.AddressTaken):
        actions.invite(
            by=actor_of(admin),
            email=colleague.email.upper(),
            given_name="A",
            family_name="B",
            role=role.pk,
            department=None,
            why="x",
            house_address=HOUSE,
        )

    assert Person.objects.count() == 2
    assert OutgoingMail.objects.count() == 0
    assert trail() == []


def test_roles_are_given_and_taken_with_a_reason(admin, colleague, role):
    department = make_department("finanzen")
    by = actor_of(admin)
    for _ in range(2):
        actions.give_role(
            by=by, person=colleague.pk, role=role.pk, department=department.pk, why="Vertretung"
        )
    held = colleague.memberships.get(role=role)

    actions.take_role(by=by, membership=held.pk, why="Vertretung zu Ende")

    assert ("leitung", "finanzen") not in places(colleague)
    assert trail() == [
        ("accounts.role_given", "Vertretung"),
        ("accounts.role_taken", "Vertretung zu Ende"),
    ]


def test_without_a_reason_nothing_changes(admin, colleague, role):
    with pytest.raises(actions.ReasonMissing):
        actions.give_role(
            by=actor_of(admin), person=colleague.pk, role=role.pk, department=None, why="  "
        )

    assert colleague.memberships.count() == 1
    assert trail() == []


def test_deactivation_signs_out_at_once(client, admin, colleague):
    sign_in(client, colleague)

    actions.deactivate(by=actor_of(admin), person=colleague.pk, why="Austritt")

    assert client.get("/amt/sitzungen/").status_code == 302
    actions.reactivate(by=actor_of(admin), person=colleague.pk, why="Irrtum")
    assert trail() == [("accounts.deactivated", "Austritt"), ("accounts.reactivated", "Irrtum")]


def test_a_forgotten_second_factor_is_set_up_anew(admin, colleague):
    TOTP.activate(colleague, "JBSWY3DPEHPK3PXP")

    actions.reset_second_factor(by=actor_of(admin), person=colleague.pk, why="Telefon verloren")

    assert Authenticator.objects.filter(user=colleague).count() == 0


def test_citizens_are_nobodys_to_administer(admin, role):
    citizen = make_citizen()

    with pytest.raises(NotFound):
        actions.deactivate(by=actor_of(admin), person=citizen.pk, why="x")
    with pytest.raises(NotFound):
        queries.colleague(by=actor_of(admin), person=citizen.pk)
    citizen.refresh_from_db()
    assert citizen.is_active


def test_roles_take_known_rights_only(admin):
    by = actor_of(admin)
    made = actions.add_role(
        by=by, name={"de": "Prüfung und Aufsicht"}, rights=["audit.read"], why="neu"
    )
    with pytest.raises(actions.UnknownRight):
        actions.add_role(by=by, name={"de": "Andere"}, rights=["cases.everything"], why="neu")
    with pytest.raises(actions.RoleExists):
        actions.add_role(by=by, name={"de": "Prüfung und Aufsicht"}, rights=[], why="neu")

    assert (made.slug, made.rights) == ("prufung-und-aufsicht", ["audit.read"])
    assert Role.objects.count() == 2


@pytest.mark.parametrize("name", ["Neu", "Gruppen"])
def test_a_role_named_like_an_address_has_its_page_below_the_roles(client, admin, name):
    sign_in(client, admin)
    client.post("/amt/rollen/neu/", {"name": name, "rights": [], "why": "x"})

    page = client.get(reverse("accounts:role", args=[name.lower()])).content.decode()
    adding = client.get("/amt/rollen/neu/").content.decode()

    assert f"{name}</h1>" in page
    assert 'href="/amt/rollen/" aria-current="true"' in page
    assert 'href="/amt/rollen/" aria-current="true"' in adding


def test_a_role_may_have_a_long_name_but_none_without_letters(client, admin):
    sign_in(client, admin)
    before = set(Role.objects.values_list("slug", flat=True))
    long = "Vertretung der Leitung der Abteilung für Wohnen und Soziales"

    made = client.post("/amt/rollen/neu/", {"name": long, "rights": [], "why": "x"})
    refused = client.post("/amt/rollen/neu/", {"name": "🎉", "rights": [], "why": "Feier"})

    assert made.status_code == 302
    assert (
        "Bitte geben Sie einen Namen mit Buchstaben oder Ziffern ein." in refused.content.decode()
    )
    assert 'value="Feier"' in refused.content.decode()
    added = set(Role.objects.values_list("slug", flat=True)) - before
    assert added == {"vertretung-der-leitung-der-abteilung-fur-wohnen-un"}


def test_a_new_installation_lets_one_administrator_in():
    arguments = ["Anna@stadt.example", "Anna", "Erste", HOUSE]

    call_command("first_administrator", *arguments, stdout=StringIO())

    first = Person.objects.get()
    assert (first.email, first.kind) == ("anna@stadt.example", "staff")
    assert actor_of(first).departments(MANAGE) is None
    assert [mail.recipient for mail in OutgoingMail.objects.all()] == ["anna@stadt.example"]
    assert trail() == [("accounts.invited", "Einrichtung")]
    with pytest.raises(CommandError, match="schon jemanden"):
        call_command("first_administrator", "zwei@stadt.example", *arguments[1:], stdout=StringIO())
    assert Person.objects.count() == 1


def test_the_pages_lead_through_all_of_it(client, admin, colleague, role):
    department = make_department("finanzen")
    sign_in(client, admin)

    assert (
        colleague.full_name
        in client.get("/amt/personen/", {"q": "clerk " + colleague.email}).content.decode()
    )
    assert client.get("/amt/personen/", {"q": "niemand"}).status_code == 200
    page = f"/amt/personen/{colleague.pk}/"
    assert client.get(page).status_code == 200
    given = {"role": role.pk, "department": department.pk, "why": "Vertretung"}
    assert client.post(f"{page}rolle/", given)["Location"] == page
    held = colleague.memberships.get(role=role)
    assert client.get(f"{page}rolle/{held.pk}/nehmen/").status_code == 200
    assert client.post(f"{page}rolle/{held.pk}/nehmen/", {"why": "zu Ende"})["Location"] == page
    for deed in ("sperren", "entsperren", "abmelden", "zweiter-faktor"):
        assert client.get(f"{page}{deed}/").status_code == 200
        assert client.post(f"{page}{deed}/", {"why": "Probe"})["Location"] == page
    assert client.get(f"{page}befoerdern/").status_code == 404
    invited = {**given, "given_name": "Nora", "family_name": "Neu", "email": "nora@stadt.example"}
    assert client.post("/amt/personen/einladen/", invited).status_code == 302
    assert client.get("/amt/rollen/").status_code == 200
    assert (
        client.post("/amt/rollen/neu/", {"name": "Neue", "rights": [], "why": "x"}).status_code
        == 302
    )
    assert (
        client.post(
            f"/amt/rollen/rolle/{role.slug}/", {"rights": ["cases.read"], "why": "x"}
        ).status_code
        == 302
    )
    group = {"group": "rathaus-alle", "role": role.pk, "department": "alle", "why": "x"}
    assert client.post("/amt/rollen/gruppen/", group).status_code == 302
    grant = GroupGrant.objects.get()
    assert (
        client.post(f"/amt/rollen/gruppen/{grant.pk}/entziehen/", {"why": "x"}).status_code == 302
    )

    role.refresh_from_db()
    assert role.rights == ["cases.read"]
    assert GroupGrant.objects.count() == 0
    assert len(trail()) == 11


@pytest.mark.usefixtures("still_clock")
def test_one_query_more_or_less_does_not_depend_on_how_many_work_here(
    client, admin, django_assert_max_num_queries
):
    sign_in(client, admin)
    client.get("/amt/personen/")
    for _ in range(12):
        make_clerk("finanzen", "cases.read")

    with django_assert_max_num_queries(12):
        client.get("/amt/personen/")


def test_nobody_is_invited_to_all_departments_by_mistake(client, admin, role):
    make_department("finanzen")
    sign_in(client, admin)
    shown = client.get("/amt/personen/einladen/").content.decode()
    choices = re.findall(r'<option value="([^"]*)"( selected)?', shown.split("department")[-1])
    invited = {
        "role": role.pk,
        "department": "",
        "why": "neu",
        "given_name": "Nora",
        "family_name": "Neu",
        "email": "nora@stadt.example",
    }

    assert client.post("/amt/personen/einladen/", invited).status_code == 200
    assert not Person.objects.filter(email="nora@stadt.example").exists()

    assert (choices[0][0], choices[-1]) == ("", ("alle", ""))
    client.post("/amt/personen/einladen/", {**invited, "department": "alle"})
    held = Membership.objects.get(person__email="nora@stadt.example")
    assert held.department is None


def test_who_administers_one_department_is_not_offered_all_of_them(client):
    sign_in(client, make_clerk("finanzen", MANAGE))

    assert 'value="alle"' not in client.get("/amt/personen/einladen/").content.decode()
