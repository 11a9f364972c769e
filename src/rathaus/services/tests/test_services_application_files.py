"""Files in an application: where they lie, which are refused, how they are called."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from rathaus.services.models import DraftFile
from rathaus.services.tests.conftest import PNG
from rathaus.services.tests.filling_in import begin, post, text_of

pytestmark = pytest.mark.django_db


def test_a_file_in_a_row_stays_with_its_row(door):
    draft = begin(door)
    post(door, draft, "person")
    rows = {
        "vorbesitz": "true",
        "vorbesitzer.count": "2",
        "vorbesitzer.0.halter": "Eva",
        "vorbesitzer.1.halter": "Max",
    }
    post(
        door,
        draft,
        "hund",
        **rows,
        then="hochladen:vorbesitzer.1.halterfoto",
        **{"vorbesitzer.1.halterfoto.upload": SimpleUploadedFile("max.png", PNG)},
    )
    post(door, draft, "hund", **rows, then="weg:vorbesitzer.0")

    draft.refresh_from_db()
    [row] = draft.answers["vorbesitzer"]
    assert (row["halter"], [file["name"] for file in row["halterfoto"]]) == ("Max", ["max.png"])


BAD_FILES = [
    pytest.param(
        "programm.pdf",
        b"MZ\x90\x00" * 50,
        "der Inhalt passt aber nicht dazu",
        id="wrong type",
    ),
    pytest.param("leer.pdf", b"", "leer", id="0 bytes"),
    pytest.param("gross.png", PNG + b"0" * 30_000_000, "Erlaubt sind höchstens", id="30 MB"),
]


@pytest.mark.parametrize(("name", "content", "sentence"), BAD_FILES)
def test_a_bad_file_is_refused_at_its_question(door, name, content, sentence):
    draft = begin(door)
    post(door, draft, "person")
    post(door, draft, "hund")

    response = post(
        door, draft, "unterlagen", **{"nachweis.upload": SimpleUploadedFile(name, content)}
    )

    assert response.status_code == 422
    page = text_of(response)
    assert sentence in page
    assert 'href="#id_nachweis"' in page
    assert DraftFile.objects.count() == 0
    draft.refresh_from_db()
    assert "nachweis" not in draft.answers


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("C:\\Users\\ada\\bild.png", "bild.png"),
        ("a\x00b\nc\u202egnp.png", "abcgnp.png"),
    ],
)
def test_file_names_lose_paths_and_control_characters(door, name, kept):
    draft = begin(door)
    post(door, draft, "person")
    post(door, draft, "hund")
    upload = SimpleUploadedFile("x.png", PNG)
    upload._name = name
    post(door, draft, "unterlagen", then="hochladen:nachweis", **{"nachweis.upload": upload})
    draft.refresh_from_db()
    assert [file["name"] for file in draft.answers.get("nachweis", [])] == [kept]


def test_files_are_given_back_and_taken_away(door):
    draft = begin(door)
    post(door, draft, "person")
    post(door, draft, "hund")
    post(
        door,
        draft,
        "unterlagen",
        then="hochladen:nachweis",
        **{"nachweis.upload": SimpleUploadedFile("a.png", PNG)},
    )
    draft.refresh_from_db()
    [file] = draft.answers["nachweis"]
    download = f"/antrag/entwurf/{draft.pk}/datei/{file['id']}/"
    answer = door.get(download)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="a.png"'
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")
    assert Client().get(download).status_code == 404
    assert door.get(f"/antrag/entwurf/{draft.pk}/datei/{uuid4()}/").status_code == 404

    post(door, draft, "unterlagen", then=f"datei-entfernen:nachweis:{file['id']}")

    draft.refresh_from_db()
    assert draft.answers["nachweis"] == []
    assert door.get(download).status_code == 404
