"""The city's row: read anew when it changes, whichever process changed it."""

import pytest
from django.core.cache import caches
from django.test import Client

from rathaus.core.city import CACHE_KEY, current_city, forget_city
from rathaus.core.models import City

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_city(db):
    City.objects.all().delete()
    forget_city()
    yield
    forget_city()


def test_a_city_from_another_process_is_seen_at_the_next_click(client: Client) -> None:
    before = client.get("/").content.decode()

    City.objects.create(name="Musterstadt", authority="Magistrat Musterstadt", federal_state="4")

    after = client.get("/").content.decode()
    assert "Magistrat Musterstadt" not in before
    assert after.count("Magistrat Musterstadt") == 3
    assert "<title>Was möchten Sie erledigen? · Musterstadt</title>" in after


def test_what_is_kept_of_a_page_follows_the_city(client: Client) -> None:
    city = City.objects.create(name="Alt", authority="Amt Alt", federal_state="4")
    old = client.get("/").content.decode()
    city.authority = "Amt Neu"
    city.save()
    caches["process"].delete(CACHE_KEY)  # as after ten seconds

    new = client.get("/").content.decode()

    assert "Amt Alt" in old
    assert "Amt Alt" not in new
    assert "Amt Neu" in new


def test_crest_and_colours_get_new_addresses_with_every_change(client: Client) -> None:
    city = City.objects.create(name="Alt", authority="Amt", federal_state="4")
    old = current_city().fingerprint
    city.colours = {"primary": "#112233"}
    city.save()
    forget_city()

    page = client.get("/").content.decode()

    new = current_city().fingerprint
    assert new != old
    assert f'href="/stadt.css?v={new}"' in page
    assert f'src="/wappen.svg?v={new}"' in page
    assert client.get(f"/stadt.css?v={new}").content == b":root{--city-primary:#112233;}\n"
