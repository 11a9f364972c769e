"""Every row about a guest follows the matter that a citizen takes over: no table is forgotten."""

import pytest
from django.apps import apps

from rathaus.accounts.actions import guest_for, take_over
from rathaus.accounts.models import Person
from rathaus.accounts.queries import actor_by_id
from rathaus.audit.personal import PersonalModel
from rathaus.core.domain import matters_of
from rathaus.demo.lindenfurt.people import person_id

pytest_plugins = ["tests.demo_city"]
pytestmark = pytest.mark.django_db

MAILBOX = "alles@post.example"
# The demo city has no row in them; their domains' own tests let them follow.
EMPTY_IN_THE_DEMO = {
    "GrantReservation",
    "IdempotencyKey",
    "Suspension",
}


def models_of_matters() -> list[type[PersonalModel]]:
    return [
        model
        for model in apps.get_models()
        if issubclass(model, PersonalModel) and model is not Person
    ]


def rows_about(model: type[PersonalModel], person: Person) -> int:
    return model._base_manager.filter(**{model.subject_column: person.pk}).count()


def test_everything_that_people_have_follows_into_one_account(demo_city: None) -> None:
    guest = guest_for(email=MAILBOX)
    assert guest is not None
    for model in models_of_matters():
        about_somebody = model._base_manager.exclude(**{model.subject_column: None})
        about_somebody.update(**{model.subject_column: guest.pk})
    before = {model: rows_about(model, guest) for model in models_of_matters()}
    citizen = Person.objects.get(pk=person_id("sophie-wagner"))

    take_over(
        by=actor_by_id(citizen.pk),
        email=MAILBOX,
        matters=[matter.reference for matter in matters_of(guest.pk)],
    )

    assert {model.__name__ for model, rows in before.items() if not rows} == EMPTY_IN_THE_DEMO
    assert {model: rows_about(model, guest) for model in before} == dict.fromkeys(before, 0)
    for model, rows in before.items():
        assert rows_about(model, citizen) >= rows, model
    guest.refresh_from_db()
    assert not guest.is_active
