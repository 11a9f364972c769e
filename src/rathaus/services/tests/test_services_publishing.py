"""A published form never changes, and drafts stay on the version with which they began."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from tests.all_at_once import all_at_once
from tests.factories import make_citizen, make_clerk

from rathaus.accounts.queries import actor_of
from rathaus.audit.models import Entry
from rathaus.cases.models import Case
from rathaus.core.actor import SYSTEM
from rathaus.core.clock import now
from rathaus.core.errors import NotAllowed
from rathaus.services.actions.drafts import discard_draft, start_draft
from rathaus.services.actions.forgetting import erase, forget_old_drafts
from rathaus.services.actions.publishing import publish_form
from rathaus.services.actions.submitting import submit
from rathaus.services.draft_access import Knock
from rathaus.services.form_errors import FieldChangedType
from rathaus.services.forms.document import FormDocument
from rathaus.services.forms.loading import load_yaml
from rathaus.services.models import Application, Draft, FormVersion
from rathaus.services.tests.conftest import FORM


def stricter() -> FormDocument:
    new = "      - {id: chip, type: text, label: Chipnummer}\n"
    first = "      - {id: rufname, type: text, label: Rufname}\n"
    return load_yaml(FORM.replace(first, first + new))


def test_publishing_numbers_versions_and_notes_who(dogs):
    clerk = actor_of(make_clerk(None, "services.publish_forms"))

    published = publish_form(by=clerk, document=stricter())

    assert (published.number, published.is_new) == (2, True)
    entry = Entry.objects.get(did="services.form_published", actor=clerk.person)
    assert entry.details == {"sha256": published.sha256}


def test_publishing_the_same_again_changes_nothing(dogs):
    again = publish_form(by=SYSTEM, document=dogs)
    assert (again.number, again.is_new) == (1, False)
    assert FormVersion.objects.count() == 1


def test_publishing_takes_the_right(dogs):
    with pytest.raises(NotAllowed):
        publish_form(by=actor_of(make_clerk(None, "cases.read")), document=stricter())
    assert FormVersion.objects.count() == 1


def test_a_field_never_changes_its_type(dogs):
    changed = load_yaml(FORM.replace("{id: rufname, type: text", "{id: rufname, type: email"))
    with pytest.raises(FieldChangedType, match="Das Feld „rufname“ war in Fassung 1 vom Typ text"):
        publish_form(by=SYSTEM, document=changed)
    assert FormVersion.objects.count() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE services_formversion SET number = 9",
        "DELETE FROM services_formversion",
        "UPDATE services_application SET answers = '{}'",
    ],
)
def test_the_database_refuses_to_change_what_is_frozen(fill, citizen, statement):
    submit(knock=citizen, draft=fill(citizen, complete=True).pk)
    before = list(Application.objects.values_list("answers")), list(FormVersion.objects.values())

    with pytest.raises(DatabaseError, match="is frozen"), transaction.atomic():
        connection.cursor().execute(statement)

    after = list(Application.objects.values_list("answers")), list(FormVersion.objects.values())
    assert after == before


def test_open_drafts_are_sent_on_their_own_version(fill, citizen):
    draft = fill(citizen, complete=True)
    publish_form(by=SYSTEM, document=stricter())

    application = submit(knock=citizen, draft=draft.pk)

    assert application.version.number == 1
    newer = Draft.objects.get(pk=start_draft(knock=citizen, form="hund", account={}))
    assert newer.version.number == 2


def test_drafts_nobody_came_back_to_are_forgotten(fill, citizen, guest):
    old, young = fill(guest, complete=True), fill(citizen, "person")
    for draft, days in ((old, 91), (young, 89)):
        Draft.objects.filter(pk=draft.pk).update(saved_at=now() - timedelta(days=days))

    assert forget_old_drafts() == 1
    assert list(Draft.objects.values_list("pk", flat=True)) == [young.pk]
    assert forget_old_drafts() == 0


def test_a_person_is_forgotten_but_not_what_they_submitted(fill, citizen, ada):
    submit(knock=citizen, draft=fill(citizen, complete=True).pk)
    fill(citizen, "person")

    erase(ada.pk)

    assert Draft.objects.filter(submitted_at=None).count() == 0
    assert Application.objects.count() == 1


def test_a_draft_is_thrown_away(fill, citizen):
    draft = fill(citizen, "person")
    discard_draft(knock=citizen, draft=draft.pk)
    assert Draft.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_clicks_at_the_same_moment_make_one_case(fill, citizen):
    draft = fill(citizen, complete=True)

    applications = all_at_once(*[lambda: submit(knock=citizen, draft=draft.pk).pk] * 6)

    assert len(set(applications)) == 1
    assert Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_clicks_at_the_same_moment_begin_one_draft(dogs):
    knock = Knock(actor_of(make_citizen()), "device")

    drafts = all_at_once(*[lambda: start_draft(knock=knock, form="hund", account={})] * 6)

    assert len(set(drafts)) == 1
    assert Draft.objects.count() == 1
