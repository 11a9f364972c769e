"""Several people at one case at the same moment, on connections of their own."""

from collections.abc import Callable
from functools import partial

import pytest
from tests.all_at_once import all_at_once

from rathaus.cases import actions
from rathaus.cases.errors import AlreadyAssigned, ChangedMeanwhile
from rathaus.cases.models import Case, CaseStep, Message
from rathaus.core.actor import Actor

pytestmark = pytest.mark.django_db(transaction=True)
at_once = partial(all_at_once, refusals=(AlreadyAssigned, ChangedMeanwhile))


def test_every_case_has_a_number_of_its_own(file_case: Callable[..., Case]) -> None:
    opened = at_once(*[lambda: file_case().number for _ in range(12)])

    assert sorted(opened) == [f"HU-2026-{number:06d}" for number in range(1, 13)]  # type: ignore[type-var]


def test_one_of_two_clerks_takes_it(case: Case, clerk: Actor, colleague: Actor) -> None:
    answers = at_once(
        lambda: actions.take(by=clerk, case=case.pk),
        lambda: actions.take(by=colleague, case=case.pk),
    )

    assert answers.count(AlreadyAssigned) == 1
    assert CaseStep.objects.filter(case=case, kind="assigned").count() == 1


def test_one_of_two_decisions_about_the_same_revision_counts(
    case: Case, clerk: Actor, colleague: Actor
) -> None:
    answers = at_once(
        *[
            lambda by=by: actions.request_correction(by=by, case=case.pk, text="Bitte", seen=1)
            for by in (clerk, colleague)
        ]
    )

    assert answers.count(ChangedMeanwhile) == 1
    case.refresh_from_db()
    assert case.revision == 2


def test_no_message_is_lost(case: Case, clerk: Actor, applicant: Actor) -> None:
    at_once(
        *[
            lambda by=by: actions.send_message(by=by, case=case.pk, text="Hallo")
            for by in (clerk, applicant) * 4
        ]
    )

    assert Message.objects.filter(case=case).count() == 8
    revisions = CaseStep.objects.filter(case=case).values_list("revision", flat=True)
    assert sorted(revisions) == list(range(1, 10))
