"""The confirmation of receipt: one file for both sides, found again, never changed."""

from io import BytesIO

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from pypdf import PdfReader
from tests.factories import make_citizen, make_clerk, sign_in

from rathaus.accounts.models import Person
from rathaus.audit.models import Entry
from rathaus.cases.models import Case, CaseFile
from rathaus.core.files import read_file
from rathaus.core.models import City, StoredFile
from rathaus.services.actions.amending import start_amendment
from rathaus.services.actions.submitting import submit
from rathaus.services.draft_access import Knock
from rathaus.services.jobs import file_receipt
from rathaus.services.models import Application
from rathaus.services.tests.conftest import Fill, ask_for_correction

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(fill: Fill, citizen: Knock) -> Application:
    return submit(knock=citizen, draft=fill(citizen, complete=True).pk)


def receipts() -> list[CaseFile]:
    return list(CaseFile.objects.exclude(label__startswith="Versicherung").select_related("stored"))


def words_in(stored: StoredFile) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(read_file(stored))).pages)


def test_sending_orders_the_receipt_in_the_same_transaction(application: Application) -> None:
    [job] = ProcrastinateJob.objects.filter(task_name="services.file_receipt")
    assert job.args == {"application": str(application.pk)}
    assert receipts() == []


def test_the_job_puts_it_into_the_file_once(application: Application, ada: Person) -> None:
    revision = Case.objects.get().revision

    file_receipt(application=str(application.pk))
    file_receipt(application=str(application.pk))

    [file] = receipts()
    assert (file.label, file.from_citizen, file.visible_to_citizen) == (
        "Eingangsbestätigung",
        False,
        True,
    )
    assert file.stored.name == f"Eingangsbestätigung {application.case_number}.pdf"
    assert application.case_number in words_in(file.stored)
    assert Case.objects.get().revision == revision
    [entry] = Entry.objects.filter(did="cases.document_added")
    assert (entry.about, entry.case) == ([ada.pk], application.case_number)


def test_whoever_is_faster_than_the_job_gets_the_same_file(
    application: Application, ada: Person, client: Client
) -> None:
    sign_in(client, ada)
    address = f"/antrag/entwurf/{application.draft_id}/beleg/"

    first = b"".join(client.get(address).streaming_content)
    file_receipt(application=str(application.pk))
    City.objects.update(name="Umbenannt")
    second = b"".join(client.get(address).streaming_content)

    [file] = receipts()
    assert first == second == read_file(file.stored)
    page = client.get(f"/meine-anliegen/{application.case_id}/").content.decode()
    assert "Eingangsbestätigung" in page
    assert f"/meine-anliegen/{application.case_id}/dateien/{file.pk}/" in page


def test_the_clerk_finds_it_as_a_document_of_the_house(
    application: Application, client: Client
) -> None:
    file_receipt(application=str(application.pk))
    sign_in(client, make_clerk("buergerservice", "cases.read"))

    page = client.get(f"/amt/faelle/{application.case_id}/").content.decode()

    [file] = receipts()
    assert f"/amt/faelle/{application.case_id}/dateien/{file.pk}/" in page
    assert "vom Amt" in page


def test_it_speaks_the_language_of_the_applicant(fill: Fill, citizen: Knock) -> None:
    draft = fill(citizen, complete=True)
    application = submit(knock=citizen, draft=draft.pk, language="en")

    file_receipt(application=str(application.pk))

    [file] = receipts()
    assert (Case.objects.get().language, file.label) == ("en", "Confirmation of receipt")
    assert "Register a dog" in words_in(file.stored)


def test_an_amendment_has_a_receipt_of_its_own(application: Application, citizen: Knock) -> None:
    file_receipt(application=str(application.pk))
    ask_for_correction(application.case_id)
    draft = start_amendment(knock=citizen, case=application.case_id)

    amended = submit(knock=citizen, draft=draft, language="en")
    file_receipt(application=str(amended.pk))

    assert [file.label for file in receipts()] == [
        "Eingangsbestätigung",
        "Confirmation of receipt of the correction",
    ]
    assert Case.objects.get().language == "en"


def test_strangers_get_neither(application: Application) -> None:
    file_receipt(application=str(application.pk))
    [file] = receipts()
    stranger = sign_in(Client(), make_citizen())

    refused = [
        stranger.get(f"/antrag/entwurf/{application.draft_id}/beleg/"),
        stranger.get(f"/meine-anliegen/{application.case_id}/dateien/{file.pk}/"),
    ]

    assert [answer.status_code for answer in refused] == [404, 404]
