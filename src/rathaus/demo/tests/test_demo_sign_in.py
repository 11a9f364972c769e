"""The demo's doors open in the demo, and production refuses to start with them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client, override_settings

from rathaus.accounts.checks import demo_stays_out_of_production
from rathaus.accounts.models import Department, Membership, Person, Role
from rathaus.core.city import forget_city
from rathaus.core.domain import all_rights
from rathaus.demo.lindenfurt import city, people
from rathaus.demo.lindenfurt.people import demo_people

SOURCE = Path(__file__).parents[3]


@pytest.fixture
def lindenfurt(db) -> Iterator[None]:
    city.load()
    people.load()
    yield
    forget_city()


def test_loading_twice_changes_nothing(lindenfurt):
    def everything() -> tuple[object, ...]:
        return (
            sorted(Person.objects.values_list("pk", "email", "kind", "identifier_hash")),
            sorted(Department.objects.values_list("slug", "number_prefix")),
            sorted(Membership.objects.values_list("person", "role__slug", "department__slug")),
        )

    before = everything()
    people.load()

    assert everything() == before
    assert (Department.objects.count(), Role.objects.count()) == (11, 10)


def test_every_department_has_a_clerk_and_a_head(lindenfurt):
    for department in Department.objects.all():
        held = {one.role.slug for one in Membership.objects.filter(department=department)}
        assert held >= {"sachbearbeitung", "leitung"}, department.slug


def test_roles_hold_rights_that_some_domain_knows(lindenfurt):
    known = {right.name for right in all_rights()}

    assert {
        role.slug: set(role.rights) - known
        for role in Role.objects.all()
        if set(role.rights) - known
    } == {}


def test_one_button_per_person_and_each_opens(lindenfurt):
    shown = Client().get("/demo/anmelden/").content.decode()
    for known in demo_people():
        client = Client()
        assert f'value="{known.slug}"' in shown
        response = client.post("/demo/anmelden/", {"person": known.slug})
        person = Person.objects.get(pk=people.person_id(known.slug))
        assert response.status_code == 302
        assert client.session["_auth_user_id"] == str(person.pk)
        inside = "/amt/sitzungen/" if person.kind == "staff" else "/konto/"
        assert client.get(inside).status_code == 200


def test_becoming_somebody_else_leaves_the_first_one_behind(lindenfurt):
    client = Client()
    client.post("/demo/anmelden/", {"person": "andrea-kern"})
    client.post("/demo/anmelden/", {"person": "anna-huber"})

    assert client.get("/konto/").status_code == 200
    assert client.get("/amt/personen/").status_code == 403


@pytest.mark.parametrize("person", ["", "niemand", "andrea-kern'--", "x" * 10_000])
def test_nobody_else_has_a_button(lindenfurt, person):
    client = Client()

    assert client.post("/demo/anmelden/", {"person": person}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_a_foreign_destination_is_not_followed(lindenfurt):
    response = Client().post(
        "/demo/anmelden/", {"person": "anna-huber", "next": "https://evil.example/"}
    )

    assert response["Location"].startswith("/")


@pytest.mark.parametrize(
    ("changes", "ids"),
    [
        ({"DEMO_SIGN_IN": True, "INSTALLED_APPS": []}, ["accounts.C001"]),
        ({"DEMO_SIGN_IN": False, "INSTALLED_APPS": ["rathaus.demo"]}, ["accounts.C002"]),
        ({"DEMO_SIGN_IN": False, "INSTALLED_APPS": []}, []),
    ],
)
def test_the_check_names_what_is_open(changes, ids):
    with override_settings(PROFILE="production"):
        from django.conf import settings

        for name, value in changes.items():
            setattr(settings, name, value)
        found = [message.id for message in demo_stays_out_of_production(None)]

    assert found == ids


def test_the_door_without_a_key_is_shut_outside_the_demo(lindenfurt, settings):
    settings.DEMO_SIGN_IN = False
    client = Client()

    assert client.post("/demo/anmelden/", {"person": "anna-huber"}).status_code == 404
    assert "_auth_user_id" not in client.session


BAD_PROFILES = {
    "DEMO_SIGN_IN = True": "DEMO_SIGN_IN is on in the production profile",
    "INSTALLED_APPS = [*INSTALLED_APPS, 'rathaus.demo']": "rathaus.demo is installed in production",
}


@pytest.mark.parametrize("line", BAD_PROFILES)
def test_production_refuses_to_start_with_the_demo(tmp_path, line):
    profile = tmp_path / "careless.py"
    profile.write_text(
        f"from rathaus.config.settings.production import *\n{line}\n", encoding="utf-8"
    )

    answer = _start("careless", tmp_path)

    assert answer.returncode != 0
    assert BAD_PROFILES[line] in answer.stderr


def test_production_as_it_is_starts(tmp_path):
    answer = _start("rathaus.config.settings.production", tmp_path)

    assert (answer.returncode, answer.stderr) == (0, "")


def _start(profile: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """What a web server does first."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join([str(SOURCE), str(folder)]),
        "DJANGO_SETTINGS_MODULE": profile,
        "RATHAUS_HOME": str(folder),
        "DATABASE_URL": "postgresql://nobody@localhost/nothing",
    }
    command = [sys.executable, "-c", "import django; django.setup()"]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
