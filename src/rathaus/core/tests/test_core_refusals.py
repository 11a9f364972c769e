"""Refusals that come from the framework, not from a domain: they too are pages of ours."""

from io import BytesIO

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from rathaus.core.middleware import ReadToTheEnd

MEGABYTE = 1024 * 1024


@pytest.mark.django_db
def test_a_method_that_no_page_offers_gets_a_page(client: Client) -> None:
    response = client.delete("/impressum/")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
    assert response.content.decode().count("<h1") == 1
    assert "So geht es nicht" in response.content.decode()


@pytest.mark.django_db
def test_a_form_of_too_many_bytes_is_said_to_be_too_large(client: Client) -> None:
    body = b"a=" + b"b" * (5 * MEGABYTE + 1)
    response = client.post("/sprache/", body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 413
    assert "Die Datei ist zu groß" in response.content.decode()


@pytest.mark.parametrize(
    ("status", "size", "unread"),
    [
        (200, 3 * MEGABYTE, 3 * MEGABYTE),
        (403, 3 * MEGABYTE, 0),
        (413, 110 * MEGABYTE, 5 * MEGABYTE),
    ],
)
def test_what_a_refused_sender_still_sends_is_taken_in(status: int, size: int, unread: int) -> None:
    body = BytesIO(b"x" * size)
    request = RequestFactory().post("/", content_type="text/plain")
    request._stream = body
    ReadToTheEnd(lambda _request: HttpResponse(status=status))(request)
    assert len(body.read()) == unread


def test_a_refused_sender_who_left_is_not_waited_for() -> None:
    class Broken(BytesIO):
        def read(self, *args: object) -> bytes:
            raise OSError

    request = RequestFactory().post("/", content_type="text/plain")
    request._stream = Broken()
    assert ReadToTheEnd(lambda _request: HttpResponse(status=403))(request).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize(("over", "status"), [(1, 413), (0, 405)])
def test_all_files_of_one_click_together_have_a_limit(client, settings, over, status):
    settings.UPLOADS_AT_ONCE_MAX_BYTES = MEGABYTE
    body = b"x" * (MEGABYTE + settings.DATA_UPLOAD_MAX_MEMORY_SIZE + over)

    response = client.post("/impressum/", body, content_type="multipart/form-data; boundary=x")

    assert response.status_code == status
    told = "Auf einmal nehmen wir höchstens 1 MB an" in response.content.decode()
    assert told is (status == 413)
