"""Several people with one mailbox at the same moment: no matter is split, doubled or lost."""

from collections.abc import Callable
from functools import partial

import pytest
from tests.all_at_once import Work, all_at_once
from tests.factories import make_citizen, make_guest

from rathaus.accounts.actions import TakenMeanwhile, take_over
from rathaus.accounts.models import Person
from rathaus.accounts.queries import actor_of
from rathaus.audit.models import Entry
from rathaus.cases import actions
from rathaus.cases.models import Case, CaseStep, Message
from rathaus.core.errors import NotFound
from rathaus.core.models import OutgoingMail

pytestmark = pytest.mark.django_db(transaction=True)
at_once = partial(all_at_once, refusals=(TakenMeanwhile, NotFound))

MAILBOX = "familie@post.example"


@pytest.fixture
def guest(db: None) -> Person:
    return make_guest(email=MAILBOX)


@pytest.fixture
def matters(file_case: Callable[..., Case], guest: Person) -> list[Case]:
    by = actor_of(guest)
    return [file_case(by=by, applicant=guest.pk, applicant_name="Ada") for _ in range(3)]


def taking(citizen: Person, cases: list[Case]) -> Work:
    by, numbers = actor_of(citizen), [case.number for case in cases]
    return lambda: take_over(by=by, email=MAILBOX, matters=numbers)


def owners(cases: list[Case]) -> list[object]:
    numbers = [case.number for case in cases]
    return list(
        Case.objects.filter(number__in=numbers).order_by("number").values_list("applicant", flat=1)
    )


def test_of_people_who_want_the_same_one_gets_all(matters: list[Case]) -> None:
    people = [make_citizen() for _ in range(4)]

    answers = at_once(*(taking(person, matters) for person in people))

    assert sorted(map(str, answers)) == sorted(map(str, [None, *[TakenMeanwhile] * 3]))
    winner = people[answers.index(None)]
    assert owners(matters) == [winner.pk] * 3
    assert CaseStep.objects.filter(kind="taken_over", subject_id=winner.pk).count() == 3
    assert Entry.objects.filter(did="audit.taken_over").count() == 1


def test_people_who_want_different_things_all_get_theirs(
    matters: list[Case], guest: Person
) -> None:
    people = [make_citizen() for _ in matters]

    answers = at_once(
        *(taking(person, [case]) for person, case in zip(people, matters, strict=True))
    )

    assert answers == [None] * 3
    assert owners(matters) == [person.pk for person in people]
    guest.refresh_from_db()
    assert not guest.is_active
    closings = Entry.objects.filter(did="audit.taken_over").values_list("details__is_last", flat=1)
    assert sorted(closings) == [False, False, True]


def test_a_double_click_is_one_taking(matters: list[Case]) -> None:
    citizen = make_citizen()

    answers = at_once(*[taking(citizen, matters)] * 4)

    assert answers == [None] * 4
    assert owners(matters) == [citizen.pk] * 3
    assert CaseStep.objects.filter(kind="taken_over").count() == 3
    assert OutgoingMail.objects.filter(recipient=MAILBOX).count() == 1


def test_who_writes_meanwhile_as_a_guest_is_heard_or_turned_away(
    matters: list[Case], guest: Person
) -> None:
    citizen, by = make_citizen(), actor_of(guest)
    writings = [
        lambda case=case: actions.send_message(by=by, case=case.pk, text="Hallo")
        for case in matters * 2
    ]

    answers = at_once(*writings[:3], taking(citizen, matters), *writings[3:])

    assert answers[3] is None
    heard = answers[:3] + answers[4:]
    assert set(heard) <= {None, NotFound}
    assert Message.objects.filter(subject_id=citizen.pk).count() == heard.count(None)
    assert Message.objects.filter(subject_id=guest.pk).count() == 0
    assert owners(matters) == [citizen.pk] * 3
