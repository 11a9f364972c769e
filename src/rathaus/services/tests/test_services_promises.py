"""What pages promise about keeping data is what the program does."""

import pytest
from django.test import Client

from rathaus.core.mail import KEPT
from rathaus.services.actions.forgetting import KEPT_FOR

pytestmark = pytest.mark.django_db


def test_the_privacy_page_names_the_days_after_which_things_are_deleted(client: Client):
    page = client.get("/datenschutz/").content.decode()

    assert f"löschen wir nach {KEPT_FOR.days} Tagen" in page
    assert f"Texte versendeter E-Mails nach {KEPT.days} Tagen" in page


def test_whoever_begins_is_told_what_happens_to_data_and_drafts(dogs, client: Client):
    page = client.get("/antrag/hund/").content.decode()

    assert f"an dem Sie {KEPT_FOR.days} Tage lang nichts ändern" in page
    assert 'href="/datenschutz/"' in page
