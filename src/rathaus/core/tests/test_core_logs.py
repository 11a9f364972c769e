"""Log lines: where something broke, never whose data it broke on."""

import io
import json
import logging

import pytest
from django.conf import settings
from django.test import Client, RequestFactory

from rathaus.config.logs import logging_configuration


def test_a_traceback_has_places_but_no_values():
    formatters = logging_configuration()["formatters"]["json"]
    formatter = formatters.pop("()")(**formatters)
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    logger = logging.Logger("rathaus.test")
    logger.addHandler(handler)

    name = "Maria Größwang"
    try:
        len(name) / 0
    except ZeroDivisionError:
        logger.exception("broken")

    line = json.loads(stream.getvalue())
    assert line["exception"][0]["exc_type"] == "ZeroDivisionError"
    assert "Größwang" not in stream.getvalue()


@pytest.mark.django_db
def test_a_refused_form_is_noted_by_its_route_never_by_its_address(caplog):
    browser = Client(enforce_csrf_checks=True)
    token = "Zm9yZ290dGVu"

    answers = [
        browser.post(f"/antrag/fortsetzen/{token}/"),
        browser.post(f"/amt/passwort/{token}/{token}/?geheim={token}"),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    refusals = [it for it in caplog.records if it.name == "django.security.csrf"]
    assert [named(it).rpartition(": ")[2] for it in refusals] == [
        "/antrag/fortsetzen/<str:token>/",
        "/amt/passwort/<str:key>/<str:token>/",
    ]


def test_an_address_without_route_is_not_named_either():
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "%s: %s", (), None)
    record.request = RequestFactory().get("/geheim/abc/?q=def")
    record.args = ("Fault", record.request.get_full_path())

    assert named(record) == "Fault: /…"


def named(record: logging.LogRecord) -> str:
    """The line after the filter that every handler of the house has."""
    make_filter = settings.LOGGING["filters"]["routes"]["()"]
    assert settings.LOGGING["handlers"]["stderr"]["filters"] == ["routes"]
    assert make_filter()(record)
    return record.getMessage()
