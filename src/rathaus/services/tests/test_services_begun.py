"""What somebody has begun stands on the page of their matters, until it is sent."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories import make_citizen, sign_in

from rathaus.accounts.queries import actor_of
from rathaus.core.actor import SYSTEM
from rathaus.core.domain import begun_matters
from rathaus.services.actions import publish_form
from rathaus.services.actions.drafts import discard_draft, start_draft
from rathaus.services.draft_access import Knock
from rathaus.services.forms.loading import load_yaml

pytestmark = pytest.mark.django_db

FORM = """schema: 1
form: probe
service: probe
title: Probe
pages: [{id: eins, title: Eins, fields: [{id: wort, type: text, label: Wort}]}]
"""


def test_a_draft_is_listed_for_its_writer_alone_until_it_is_thrown_away(client: Client) -> None:
    publish_form(by=SYSTEM, document=load_yaml(FORM))
    writer = make_citizen()
    knock = Knock(by=actor_of(writer))
    draft = start_draft(knock=knock, form="probe", account={})
    sign_in(client, writer)

    (matter,) = begun_matters(actor_of(writer))
    assert (matter.title["de"], matter.address) == (
        "Probe",
        reverse("services:draft", args=[draft]),
    )
    assert matter.address in client.get(reverse("cases:mine")).content.decode()
    assert begun_matters(actor_of(make_citizen())) == []

    discard_draft(knock=knock, draft=draft)

    assert begun_matters(actor_of(writer)) == []
