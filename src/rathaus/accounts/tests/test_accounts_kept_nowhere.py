"""What signed-in people see stays in no browser; what everybody may see may stay."""

import pytest
from tests.factories import make_citizen, make_clerk, make_guest, sign_in

from rathaus.accounts.models import Person

pytestmark = pytest.mark.django_db

CITIZEN_PAGES = ["/meine-anliegen/", "/konto/", "/konto/einsicht/", "/", "/gibt-es-nicht/"]
STAFF_PAGES = ["/amt/", "/amt/faelle/", "/amt/personen/", "/amt/protokoll/", "/amt/gibt-es-nicht/"]
RIGHTS = ("cases.read", "accounts.manage", "audit.read")


def make_colleague() -> Person:
    return make_clerk(None, *RIGHTS)


PAGES = [
    *((make, page) for make in (make_citizen, make_guest) for page in CITIZEN_PAGES),
    *((make_colleague, page) for page in STAFF_PAGES),
]


@pytest.mark.parametrize(("make", "page"), PAGES)
def test_personal_pages_are_kept_nowhere(client, make, page):
    sign_in(client, make())

    kept = client.get(page).headers["Cache-Control"]

    assert {"no-store", "private"} <= set(kept.split(", "))


@pytest.mark.parametrize("page", ["/wappen.svg", "/stadt.css"])
def test_what_is_the_same_for_everybody_may_be_kept(client, page):
    sign_in(client, make_citizen())

    assert client.get(page).headers["Cache-Control"] == "public, max-age=300"


def test_who_is_not_signed_in_may_keep_the_catalogue(client):
    assert not client.get("/").has_header("Cache-Control")
