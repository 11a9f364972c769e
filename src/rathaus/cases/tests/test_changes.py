"""What an amendment changed, row by row."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from tests.factories import make_clerk, sign_in

from rathaus.accounts.models import Department
from rathaus.cases import actions, queries
from rathaus.cases.changes import Change, changes
from rathaus.cases.models import Case
from rathaus.cases.sections import Row, Section
from rathaus.core.actor import Actor

BEFORE = [
    Section("Hund", (Row("Rufname", "Bello", key="name"), Row("Rasse", "Dackel"))),
    Section("Tiere", (Row("Art", "Katze"), Row("Art", "Maus"))),
]
AFTER = [
    Section("Hund", (Row("Name", "Bella", key="name"), Row("Chip", "040"))),
    Section("Tiere", (Row("Art", "Katze"), Row("Art", "Igel"), Row("Art", "Fisch"))),
]


def test_changed_new_and_gone_rows_are_told_apart() -> None:
    assert changes(BEFORE, AFTER) == [
        Change("Hund", "Name", "Bello", "Bella"),
        Change("Hund", "Chip", None, "040"),
        Change("Tiere", "Art", "Maus", "Igel"),
        Change("Tiere", "Art", None, "Fisch"),
        Change("Hund", "Rasse", "Dackel", None),
    ]


rows = st.lists(st.builds(Row, st.sampled_from("ab"), st.sampled_from("xy")), max_size=4)
contents = st.lists(st.builds(Section, st.sampled_from("AB"), rows.map(tuple)), max_size=3)


@given(contents, contents)
def test_a_change_turned_round_is_the_same_change_backwards(
    before: list[Section], after: list[Section]
) -> None:
    assert changes(before, before) == []
    there = {(one.section, one.label, one.before, one.after) for one in changes(before, after)}
    back = {(one.section, one.label, one.after, one.before) for one in changes(after, before)}
    assert there == back


def test_the_clerk_sees_what_the_applicant_changed(
    file_case: Callable[..., Case],
    clerk: Actor,
    applicant: Actor,
    client: Client,
    office: Department,
) -> None:
    case = file_case(sections=BEFORE)
    actions.request_correction(by=clerk, case=case.pk, text="Bitte ergänzen", seen=1)
    actions.amend_case(by=applicant, case=case.pk, sections=AFTER)
    actions.amend_case(by=applicant, case=case.pk, sections=AFTER)

    newest, first = queries.staff_case(by=clerk, case=case.pk).amendments

    assert (newest.changes, first.by_name) == ([], applicant.name)
    assert first.changes == changes(BEFORE, AFTER)
    desk = sign_in(client, make_clerk(office, "cases.read"))
    page = desk.get(reverse("cases:case", args=[case.pk])).content.decode()
    assert '<span class="sr-only">vorher: </span><del lang="de">Bello</del>' in page
    assert '<span class="sr-only">jetzt: </span><ins lang="de">Bella</ins>' in page
