"""The city's row: read anew when it changes, whichever process changed it."""

import pytest
import time_machine
from django.test import Client

from rathaus.core.city import current_city, forget_city
from rathaus.core.models import City

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_city(db):
    City.objects.all().delete()
    forget_city()
    yield
    forget_city()


def test_a_city_from_another_process_is_seen_after_a_second(client: Client) -> None:
    with time_machine.travel("2026-11-28T08:00:00Z", tick=False) as clock:
        before = client.get("/").content.decode()
        City.objects.create(name="Musterstadt", authority="Amt Musterstadt", federal_state="4")
        clock.shift(1.1)
        after = client.get("/").content.decode()

    assert "Amt Musterstadt" not in before
    assert after.count("Amt Musterstadt") == 3
    assert "<title>Was möchten Sie erledigen? · Musterstadt</title>" in after


def test_what_is_kept_of_a_page_follows_the_city(client: Client) -> None:
    city = City.objects.create(name="Alt", authority="Amt Alt", federal_state="4")
    with time_machine.travel("2026-11-28T08:00:00Z", tick=False) as clock:
        old = client.get("/").content.decode()
        city.authority = "Amt Neu"
        city.save()
        clock.shift(10.1)
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
