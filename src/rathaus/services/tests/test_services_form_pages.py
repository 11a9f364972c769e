"""Editors publish forms in the browser: checked, compared, and never over somebody else's."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.factories import make_clerk, sign_in

from rathaus.core.actor import SYSTEM
from rathaus.services.actions.publishing import publish_form
from rathaus.services.forms.difference import Change, Kind, Part, changes
from rathaus.services.forms.document import FormDocument, as_json, fingerprint
from rathaus.services.forms.loading import load_yaml
from rathaus.services.forms.writing import as_yaml
from rathaus.services.models import Draft, FormVersion
from rathaus.services.tests.conftest import FORM

pytestmark = pytest.mark.django_db

PAGES = "/amt/katalog/formulare/"
NAME = "      - {id: rufname, type: text, label: Rufname}\n"
LONGER = FORM.replace(NAME, f"{NAME}      - {{id: chip, type: text, label: Chipnummer}}\n")
DEMO_FORMS = sorted((Path(__file__).parents[2] / "demo" / "lindenfurt" / "forms").glob("*.yaml"))


@pytest.fixture
def editor(client: Client) -> Client:
    return sign_in(client, make_clerk(None, "services.publish_forms"))


def checked(editor: Client, text: str | bytes) -> tuple[int, str]:
    content = text if isinstance(text, bytes) else text.encode()
    answer = editor.post(f"{PAGES}pruefen/", {"file": SimpleUploadedFile("form.yaml", content)})
    return answer.status_code, answer.content.decode()


def test_the_list_shows_version_and_open_drafts(dogs: FormDocument, editor: Client) -> None:
    version = FormVersion.objects.get()
    for _number in range(2):
        Draft.objects.create(
            version=version, started_at=version.published_at, saved_at=version.published_at
        )

    shown = editor.get(PAGES).content.decode()

    assert version.sha256[:12] in shown
    [row] = editor.get(PAGES).context["forms"]
    assert (row.number, row.open_drafts) == (1, 2)


@pytest.mark.parametrize("file", DEMO_FORMS, ids=lambda file: file.stem)
def test_a_downloaded_form_is_the_published_one(file: Path) -> None:
    document = load_yaml(file.read_text(encoding="utf-8"))

    again = load_yaml(as_yaml(document))

    assert fingerprint(as_json(again)) == fingerprint(as_json(document))


def test_a_form_is_downloaded_changed_compared_and_published(
    dogs: FormDocument, editor: Client
) -> None:
    download = editor.get(f"{PAGES}{dogs.form}/1/")
    assert download["Content-Disposition"] == f'attachment; filename="{dogs.form}-1.yaml"'
    assert fingerprint(as_json(load_yaml(download.content.decode()))) == (
        FormVersion.objects.get().sha256
    )

    status, shown = checked(editor, LONGER)
    assert status == 200
    assert "Chipnummer" in shown
    assert FormVersion.objects.count() == 1

    seen = FormVersion.objects.get().sha256
    published = editor.post(f"{PAGES}veroeffentlichen/", {"text": LONGER, "seen": seen})
    assert published["Location"] == PAGES
    assert f"„{dogs.title['de']}“ gilt ab jetzt in Fassung 2." in editor.get(PAGES).content.decode()
    assert FormVersion.objects.get(number=2).document == as_json(load_yaml(LONGER))


def test_mistakes_are_named_with_their_lines(dogs: FormDocument, editor: Client) -> None:
    status, shown = checked(editor, FORM.replace("type: text", "type: txt", 1))

    assert status == 422
    line = FORM[: FORM.index("type: text")].count("\n") + 1
    assert f"Zeile {line}" in shown
    assert "den Typ „txt“ gibt es nicht" in shown
    assert FormVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xff", "die Datei ist kein Text in UTF-8"),
        (b"", "<p>Bitte wählen Sie eine Datei.</p>"),
        (FORM.replace("{id: rufname, type: text", "{id: rufname, type: email"), "vom Typ text"),
    ],
)
def test_what_cannot_be_published_is_refused_before(
    dogs: FormDocument, editor: Client, content: str | bytes, reason: str
) -> None:
    if content:
        status, shown = checked(editor, content)
    else:
        answer = editor.post(f"{PAGES}pruefen/", {})
        status, shown = answer.status_code, answer.content.decode()

    assert status == 422
    assert reason in shown
    assert FormVersion.objects.count() == 1


def test_nobody_publishes_over_what_they_have_not_seen(dogs: FormDocument, editor: Client) -> None:
    seen = FormVersion.objects.get().sha256
    publish_form(by=SYSTEM, document=load_yaml(LONGER))
    mine = FORM.replace("label: Rufname", "label: Name")

    answer = editor.post(f"{PAGES}veroeffentlichen/", {"text": mine, "seen": seen})

    assert answer.status_code == 409
    assert "soeben von jemand anderem veröffentlicht" in answer.content.decode()
    assert FormVersion.objects.count() == 2


def test_the_pages_take_the_right(dogs: FormDocument, client: Client) -> None:
    sign_in(client, make_clerk(None, "services.edit_catalogue"))

    assert client.get(PAGES).status_code == 403
    assert client.get(f"{PAGES}{dogs.form}/1/").status_code == 403
    assert checked(client, LONGER)[0] == 403
    refused = client.post(f"{PAGES}veroeffentlichen/", {"text": LONGER, "seen": ""})
    assert refused.status_code == 403
    assert FormVersion.objects.count() == 1


def test_a_version_that_does_not_exist_is_not_found(dogs: FormDocument, editor: Client) -> None:
    assert editor.get(f"{PAGES}{dogs.form}/7/").status_code == 404


def test_what_differs_is_named_part_by_part(dogs: FormDocument) -> None:
    changed = LONGER.replace("label: Rufname}", "label: Name, required: false}")

    assert changes(dogs, load_yaml(changed)) == [
        Change(Kind.CHANGED, Part.QUESTION, "rufname", {"de": "Name"}, ("label", "required")),
        Change(Kind.ADDED, Part.QUESTION, "chip", {"de": "Chipnummer"}),
    ]
    assert changes(load_yaml(LONGER), dogs) == [
        Change(Kind.REMOVED, Part.QUESTION, "chip", {"de": "Chipnummer"})
    ]
    assert changes(dogs, dogs) == []
