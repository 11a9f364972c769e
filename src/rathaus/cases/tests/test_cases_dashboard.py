"""The first page of the day of people who have nothing to do with cases."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories import make_clerk, sign_in

pytestmark = pytest.mark.django_db


def page_for(*rights: str) -> str:
    client = Client()
    sign_in(client, make_clerk(None, *rights))
    return client.get(reverse("cases:dashboard")).content.decode()


def test_an_editor_sees_the_catalogue_and_no_empty_desk():
    page = page_for("services.edit_catalogue")
    assert "Suchen ohne Treffer" in page
    assert "Bei mir" not in page
    assert "Hier wartet nichts auf Sie" not in page


def test_an_administrator_sees_how_the_house_is():
    assert "Betriebszustand" in page_for("accounts.manage")


def test_somebody_without_any_right_is_told_so():
    page = page_for()
    assert "Hier wartet nichts auf Sie" in page
    assert "Bei mir" not in page


def test_a_clerk_without_cases_has_an_empty_desk():
    assert "Ihnen ist nichts zugeteilt" in page_for("cases.read")
