"""A browser without script in front of a form."""

import re

from django.http import HttpResponse
from django.test import Client

from rathaus.services.models import Draft
from rathaus.services.tests.conftest import PAGES


def begin(client: Client) -> Draft:
    response = client.post("/antrag/hund/")
    assert response.status_code == 302
    return Draft.objects.latest("started_at")


def address(draft: Draft, page: str) -> str:
    return f"/antrag/entwurf/{draft.pk}/seite/{page}/"


def post(
    client: Client, draft: Draft, page: str, then: str = "weiter", **changed: object
) -> HttpResponse:
    draft.refresh_from_db()
    data = {**PAGES[page], "then": then, "revision": str(draft.revision), "window": "w1", **changed}
    return client.post(address(draft, page), data)


def text_of(response: HttpResponse) -> str:
    return re.sub(r"\s+", " ", response.content.decode())
