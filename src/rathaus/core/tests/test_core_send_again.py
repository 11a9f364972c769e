"""A page left open over a new sign-in loses nothing; a page of strangers gains nothing."""

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db

HERE = "http://testserver"


def test_what_was_written_is_offered_again() -> None:
    client = Client(enforce_csrf_checks=True)
    words = {"email": "lena@example.org", "csrfmiddlewaretoken": "outdated", "password": "secret"}

    answer = client.post(reverse("accounts:sign_in"), words, headers={"origin": HERE})

    assert answer.status_code == 403
    page = answer.content.decode()
    assert 'name="email" value="lena@example.org"' in page
    assert "outdated" not in page
    assert "secret" not in page


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", ""])
def test_a_post_from_elsewhere_is_refused_without_repeating_it(origin: str) -> None:
    client = Client(enforce_csrf_checks=True)

    answer = client.post(
        reverse("accounts:sign_in"), {"email": "lena@example.org"}, headers={"origin": origin}
    )

    assert answer.status_code == 403
    assert "lena@example.org" not in answer.content.decode()
