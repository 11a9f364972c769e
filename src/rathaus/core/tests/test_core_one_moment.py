"""The page while the database restarts: what was asked for comes by itself, nothing is lost."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import psycopg
import pytest
from django.conf import settings
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from psycopg import errors

from rathaus.core import views
from rathaus.core.city import forget_city
from rathaus.core.transaction import nothing_committed_yet, unit_of_work

pytestmark = pytest.mark.django_db

HERE = "http://testserver"
NOT_SAVED = "ist noch nicht gespeichert"
PERHAPS_SAVED = "Wir wissen nicht, ob noch gespeichert wurde"
SEND_AGAIN = "Noch einmal senden"
STARTING = psycopg.OperationalError("connection failed: FATAL:  the database system is starting up")
TOKEN = "a" * 32


@pytest.fixture(autouse=True)
def as_at_the_beginning_of_a_request() -> None:
    forget_city()
    nothing_committed_yet()


@pytest.fixture
def visitor() -> Client:
    """A browser that already holds the cookie against forged forms."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies[settings.CSRF_COOKIE_NAME] = TOKEN
    return client


@contextmanager
def the_database(error: psycopg.Error) -> Iterator[None]:
    def fail(*_args: object) -> NoReturn:
        raise OperationalError(str(error)) from error

    with connection.execute_wrapper(fail):
        yield


def post(client: Client, path: str, origin: str = HERE, **words: object) -> HttpResponse:
    with the_database(STARTING):
        return client.post(
            path, {**words, "csrfmiddlewaretoken": TOKEN}, headers={"origin": origin}
        )


@pytest.mark.parametrize("path", ["/", "/impressum/", "/gibt-es-nicht/", "/suche/?q=Hund&b=1"])
def test_a_page_is_asked_for_again_by_itself(visitor: Client, path: str) -> None:
    with the_database(STARTING):
        answer = visitor.get(path)

    assert answer.status_code == 503
    assert (answer["Retry-After"], answer["Refresh"]) == ("5", "5")
    assert answer["Cache-Control"] == "no-store"
    page = answer.content.decode()
    assert "Einen Moment bitte …" in page
    assert f'href="{path.replace("&", "&amp;")}"' in page
    assert "<script" not in page


def test_it_speaks_the_language_of_the_reader(visitor: Client) -> None:
    visitor.cookies["sprache"] = "en"
    with the_database(STARTING):
        page = visitor.get("/").content.decode()
    assert '<html lang="en">' in page
    assert "One moment, please" in page


def test_a_form_says_that_nothing_was_saved_and_can_be_sent_again(visitor: Client) -> None:
    visitor.cookies["sessionid"] = "b" * 32
    answer = post(
        visitor,
        "/konto/anmelden/code/",
        email='lena"@example.org',
        password="secret",
        tag=["1", "2"],
    )

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "Refresh" not in answer
    page = answer.content.decode()
    assert NOT_SAVED in page
    assert SEND_AGAIN in page
    assert 'name="email" value="lena&quot;@example.org"' in page
    assert 'name="tag" value="1"' in page
    assert 'name="tag" value="2"' in page
    assert 'name="csrfmiddlewaretoken"' in page
    assert "secret" not in page


def test_files_have_to_be_chosen_again(visitor: Client) -> None:
    answer = post(visitor, "/konto/anmelden/", note="x", file=io.BytesIO(b"%PDF"))
    assert "Dateien bitte noch einmal auswählen" in answer.content.decode()


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", ""])
def test_a_form_from_elsewhere_is_not_repeated(origin: str) -> None:
    request = RequestFactory().post("/", {"email": "lena@example.org"}, headers={"origin": origin})

    page = answer_to(request, STARTING).content.decode()

    assert NOT_SAVED in page
    assert "lena" not in page
    assert SEND_AGAIN not in page


def test_a_form_that_cannot_be_read_is_not_repeated() -> None:
    request = RequestFactory().post(
        "/", b"--x", content_type="multipart/form-data; boundary=", headers={"origin": HERE}
    )
    answer = answer_to(request, STARTING)
    assert answer.status_code == 503
    assert SEND_AGAIN not in answer.content.decode()


def test_what_may_have_been_saved_is_not_called_unsaved() -> None:
    request = RequestFactory().post("/", {"csrfmiddlewaretoken": TOKEN}, headers={"origin": HERE})
    with unit_of_work():
        pass

    page = answer_to(request, STARTING).content.decode()

    assert PERHAPS_SAVED in page
    assert NOT_SAVED not in page
    assert SEND_AGAIN in page


def test_a_unit_of_work_that_failed_has_saved_nothing() -> None:
    request = RequestFactory().post("/", headers={"origin": HERE})
    with pytest.raises(OperationalError), unit_of_work(), the_database(STARTING):
        connection.cursor().execute("select 1")
    assert NOT_SAVED in answer_to(request, STARTING).content.decode()


def test_each_request_counts_from_its_own_beginning(visitor: Client) -> None:
    with unit_of_work():
        pass
    visitor.cookies["sessionid"] = "b" * 32
    assert NOT_SAVED in post(visitor, "/konto/anmelden/code/").content.decode()


def test_a_session_that_cannot_be_saved_is_no_bad_request() -> None:
    request = RequestFactory().get("/")
    interrupted = SessionInterrupted()
    interrupted.__context__ = STARTING
    answer = views.bad_request(request, interrupted)
    assert (answer.status_code, answer["Refresh"]) == (503, "5")


def test_every_other_error_of_the_database_stays_a_fault(visitor: Client) -> None:
    with the_database(errors.DeadlockDetected("deadlock detected")):
        answer = visitor.get("/impressum/")
    assert answer.status_code == 500
    assert "Refresh" not in answer
    assert "Da ist bei uns etwas schiefgegangen" in answer.content.decode()


@pytest.mark.parametrize("path", ["/suche/?q=Maria", "/Maria/"])
def test_it_is_one_line_in_the_log_without_an_address(
    visitor: Client, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    with the_database(STARTING):
        visitor.get(path)

    away, request = caplog.records
    assert (away.name, away.levelname) == ("rathaus.database", "WARNING")
    assert away.msg["reason"] == "the database system is"
    assert (request.name, request.msg["status"]) == ("rathaus.request", 503)
    assert "Maria" not in f"{vars(away)} {vars(request)}"


def test_a_fault_is_still_logged_as_one(visitor: Client, caplog: pytest.LogCaptureFixture) -> None:
    with the_database(errors.DeadlockDetected("deadlock detected")):
        visitor.get("/impressum/")
    assert [line.name for line in caplog.records] == ["django.request", "rathaus.request"]


def answer_to(request: HttpRequest, error: Exception) -> HttpResponse:
    """What Django's handler of unforeseen errors says to this one."""
    try:
        raise error
    except psycopg.Error:
        return views.server_error(request)
