"""Whoever may not see a case finds nothing, changes nothing, and is noted."""

from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories import make_citizen, make_clerk, sign_in

from rathaus.accounts.models import Department
from rathaus.audit.models import Entry
from rathaus.cases.models import Case, Note
from rathaus.cases.tests.conftest import RIGHTS
from rathaus.cases.tests.working import address

CITIZEN_PAGES = ["own_case", "withdraw"]
STAFF_PAGES = ["case", "decide", "preview", "issue", "request_correction"]
STAFF_PAGES += ["extend_correction", "forward", "close"]
STAFF_POSTS = ["take", "assign", "set_state", "write_note", "send_message", "submit_draft"]
STAFF_POSTS += ["return_draft"]


@pytest.mark.parametrize("name", [*STAFF_PAGES, *STAFF_POSTS])
def test_another_department_finds_nothing(name: str, vets: Department, case: Case) -> None:
    client = sign_in(Client(), make_clerk(vets, *RIGHTS))
    words = {
        "seen": 1,
        "text": "x",
        "outcome": "granted",
        "title": "x",
        "ruling": "x",
        "why": "x",
        "note": "x",
        "state": "",
        "due_on": "24.12.2030",
    }

    responses = []
    if name in STAFF_PAGES:
        responses.append(client.get(address(name, case)))
    if name != "case":
        responses.append(client.post(address(name, case), words))

    for response in responses:
        assert response.status_code == 404
        assert case.title not in response.content.decode()
    refused = Entry.objects.filter(act="refused", case=case.number)
    assert refused.count() == len(responses)
    assert all(entry.about == [case.applicant_id] for entry in refused)
    case.refresh_from_db()
    assert case.revision == 1
    assert not Note.objects.exists()


@pytest.mark.parametrize("name", ["own_case", "write", "answer", "withdraw"])
def test_another_citizen_finds_nothing(name: str, case: Case) -> None:
    client = sign_in(Client(), make_citizen())

    response = client.post(address(name, case), {"text": "x"})
    if name in CITIZEN_PAGES:
        response = client.get(address(name, case))

    assert response.status_code == 404
    assert Entry.objects.filter(act="refused", case=case.number).exists()
    case.refresh_from_db()
    assert case.revision == 1


def test_an_unknown_case_looks_like_another_s(portal: Client, staff: Client) -> None:
    unknown: UUID = uuid4()
    assert portal.get(reverse("cases:own_case", args=[unknown])).status_code == 404
    assert staff.get(reverse("cases:case", args=[unknown])).status_code == 404


@pytest.mark.parametrize("name", ["dashboard", "inbox"])
def test_citizens_stay_out_of_the_workspace(name: str, portal: Client) -> None:
    assert portal.get(reverse(f"cases:{name}")).status_code == 403


def test_nobody_sees_anything_without_signing_in(client: Client, case: Case) -> None:
    for name in ("case", "own_case"):
        assert client.get(address(name, case)).status_code == 302
