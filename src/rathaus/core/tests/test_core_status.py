"""The status page: what it says when all is well, when something is slow, when nothing works."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import OperationalError, connection

from rathaus.core import clock, domain
from rathaus.core.city import forget_city
from rathaus.core.domain import Domain, Health
from rathaus.core.mail import send
from rathaus.core.models import City
from rathaus.core.status import probes
from rathaus.core.status.report import forget_report

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house(db, settings, tmp_path, monkeypatch):
    settings.FILES_DIRECTORY = tmp_path / "files"
    monkeypatch.setattr(domain, "_domains", {})
    monkeypatch.setattr(probes, "LEAST_FREE_BYTES", 0)
    forget_report()
    yield
    forget_report()


def asked(client) -> tuple[int, str, dict[str, bool | None]]:
    forget_report()
    response = client.get("/status.json")
    content = json.loads(response.content)
    return (
        response.status_code,
        content["status"],
        {probe["name"]: probe["ok"] for probe in content["probes"]},
    )


ALL_WELL = {
    "Datenbank": True,
    "Dateiablage": True,
    "Aufgaben": True,
    "Mail": True,
    "Speicherplatz": True,
    "Virenprüfung": None,  # none is set up
}


def test_all_is_well(client, settings):
    assert asked(client) == (200, "ok", ALL_WELL)
    page = client.get("/status/")
    assert page.status_code == 200
    assert "Alles arbeitet, wie es soll." in page.content.decode()
    assert page.content.decode().count("in Ordnung") == 5
    assert page.content.decode().count("nicht eingerichtet") == 1
    assert page["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert list(Path(settings.FILES_DIRECTORY).rglob("*.*")) == []


def test_waiting_mails_and_jobs_are_bad_news_but_not_the_end(client):
    send(to="maria@example.at", subject="Neues", text="Guten Tag")
    assert asked(client) == (200, "ok", ALL_WELL)

    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        assert asked(client) == (200, "degraded", {**ALL_WELL, "Aufgaben": False})
    with time_machine.travel(clock.now() + timedelta(minutes=31)):
        assert asked(client) == (200, "degraded", {**ALL_WELL, "Aufgaben": False, "Mail": False})
        page = client.get("/status/").content.decode()
    assert "Mails warten seit 31 Minuten." in page
    assert "maria" not in page


def test_without_a_file_store_nobody_can_do_anything(client, settings, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    settings.FILES_DIRECTORY = tmp_path / "file" / "no-folder"

    assert asked(client)[:2] == (503, "down")
    page = client.get("/status/")
    assert page.status_code == 503
    assert "Dateien können nicht gespeichert werden." in page.content.decode()


def test_a_full_disk_and_a_silent_scanner_are_told(client, settings, monkeypatch):
    monkeypatch.setattr(probes, "LEAST_FREE_BYTES", 2**62)
    settings.CLAMD_ADDRESS = "127.0.0.1:1"

    well = {**ALL_WELL, "Speicherplatz": False, "Virenprüfung": False}
    assert asked(client) == (200, "degraded", well)


def refuse(*_args):
    raise OperationalError("connection to server on socket /secret failed")


def test_without_a_database_there_is_still_a_page(client):
    forget_report()
    with connection.execute_wrapper(refuse):
        code, overall, named = asked(client)
        page = client.get("/status/")
    assert (code, overall, named) == (503, "down", {"Datenbank": False, "Dateiablage": True})
    assert page.status_code == 503
    assert "Die Datenbank antwortet nicht." in page.content.decode()
    assert "secret" not in page.content.decode()


def test_domains_are_asked_and_one_that_breaks_is_bad_news(client):
    well = Health("Protokoll", ok=True, message="Das Siegel ist unversehrt.")
    domain.register(Domain(slug="audit", name="Protokoll", health=lambda: [well]))
    domain.register(Domain(slug="broken", name="Bruch", health=refuse))

    _code, overall, named = asked(client)

    assert (overall, named) == ("degraded", {**ALL_WELL, "Protokoll": True, "Bruch": False})


def test_the_report_is_kept_for_ten_seconds(client, django_assert_num_queries):
    client.get("/status.json")
    with django_assert_num_queries(0):
        client.get("/status.json")


def test_the_state_has_no_other_methods(client):
    assert client.post("/status/").status_code == 405


def test_weak_points_are_reported_to_the_city(client):
    City.objects.all().delete()
    forget_city()
    with time_machine.travel("2026-11-22T15:00:00Z"):
        nameless = client.get("/.well-known/security.txt").content.decode()
    City.objects.create(name="L", authority="L", federal_state="AT-4", email="rat@example.at")
    forget_city()
    with time_machine.travel("2026-11-22T15:00:00Z"):
        response = client.get("/.well-known/security.txt")
    forget_city()

    assert nameless.startswith("Contact: http://testserver/impressum/\n")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode() == (
        "Contact: mailto:rat@example.at\n"
        "Expires: 2027-05-21T00:00:00Z\n"
        "Preferred-Languages: de, en\n"
        "Canonical: http://testserver/.well-known/security.txt\n"
    )
