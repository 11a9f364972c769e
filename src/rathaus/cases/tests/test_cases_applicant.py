"""Who applies: the eID's word counts; a guest's word is shown as what it is."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories import make_citizen, make_clerk, make_guest, sign_in

from rathaus.accounts.actions import nameless_person
from rathaus.accounts.models import Department
from rathaus.accounts.queries import actor_of
from rathaus.cases import actions, queries
from rathaus.cases.decision_texts import placeholder_values
from rathaus.cases.models import Case
from rathaus.core.actor import SYSTEM, Actor

ADDRESS = {"street": "Am Hof", "house_number": "1", "postcode": "4890", "place": "Lindenfurt"}
HINT = "nicht bestätigt"
Filing = Callable[..., Case]


@pytest.fixture
def guest(db: None) -> Actor:
    return actor_of(make_guest(email="ada@example.org"))


@pytest.fixture
def guest_case(file_case: Filing, guest: Actor) -> Case:
    return file_case(
        by=guest,
        applicant=guest.person,
        applicant_name="  Ada\x00   Lovelace ",
        applicant_address=ADDRESS,
    )


def named(case: Case) -> tuple[str, dict[str, str], bool]:
    case.refresh_from_db()
    return case.applicant_name, case.applicant_address, case.name_confirmed


def test_a_guest_is_who_they_say_they_are(guest_case: Case) -> None:
    assert named(guest_case) == ("Ada Lovelace", ADDRESS, False)
    assert guest_case.search_text == (
        f"{guest_case.number} Hund anmelden: Bello Ada Lovelace".lower()
    )
    values = placeholder_values(guest_case, [], date(2026, 11, 22))
    assert (values["name"], values["anschrift"]) == ("Ada Lovelace", "Am Hof 1, 4890 Lindenfurt")


def test_a_guest_who_says_nothing_is_known_by_address(file_case: Filing, guest: Actor) -> None:
    case = file_case(by=guest, applicant=guest.person, applicant_name=" \x00 ")
    assert named(case) == ("ada@example.org", {}, True)


def test_a_form_cannot_impersonate_a_citizen(file_case: Filing, clerk: Actor) -> None:
    person = make_citizen(given_name="Ada", family_name="Lovelace", address=ADDRESS)

    case = file_case(
        by=actor_of(person),
        applicant=person.pk,
        applicant_name="Charles Babbage",
        applicant_address={"street": "Dorset Street"},
    )
    assert named(case) == ("Ada Lovelace", ADDRESS, True)

    actions.request_correction(by=clerk, case=case.pk, text="Wie heißen Sie?", seen=1)
    actions.amend_case(
        by=actor_of(person), case=case.pk, sections=[], applicant_name="Charles Babbage"
    )
    assert named(case) == ("Ada Lovelace", ADDRESS, True)


def test_a_citizen_without_a_registered_address_gives_one(file_case: Filing) -> None:
    person = make_citizen(given_name="Ada", family_name="Lovelace")
    case = file_case(by=actor_of(person), applicant=person.pk, applicant_address=ADDRESS)
    assert named(case) == ("Ada Lovelace", ADDRESS, True)


def test_an_anonymous_matter_may_carry_a_name(file_case: Filing) -> None:
    nobody = nameless_person().pk
    plain = file_case(by=SYSTEM, applicant=nobody)
    signed = file_case(by=SYSTEM, applicant=nobody, applicant_name="Ada")
    assert (named(plain), named(signed)) == (("Anonym", {}, True), ("Ada", {}, False))


def test_a_name_is_cut_where_the_column_ends(file_case: Filing, guest: Actor) -> None:
    case = file_case(by=guest, applicant=guest.person, applicant_name="Ä" * 10_000)
    assert named(case)[0] == "Ä" * 420


def test_an_amendment_renames_a_guest_and_keeps_what_it_does_not_mention(
    guest_case: Case, guest: Actor, clerk: Actor
) -> None:
    actions.request_correction(by=clerk, case=guest_case.pk, text="Wie heißen Sie?", seen=1)
    actions.amend_case(by=guest, case=guest_case.pk, sections=[])
    assert named(guest_case) == ("Ada Lovelace", ADDRESS, False)

    moved = {**ADDRESS, "house_number": "9"}
    actions.amend_case(
        by=guest,
        case=guest_case.pk,
        sections=[],
        applicant_name="Ada King",
        applicant_address=moved,
    )
    assert named(guest_case) == ("Ada King", moved, False)
    assert "ada king" in guest_case.search_text


def test_the_clerk_finds_the_name_and_sees_that_nobody_proved_it(
    guest_case: Case, case: Case, office: Department, client: Client
) -> None:
    clerk = make_clerk(office, "cases.read", "cases.handle", "cases.decide")
    sign_in(client, clerk)

    found = client.get(reverse("cases:inbox"), {"words": "lovelace"}).content.decode()
    assert (guest_case.number in found, "Ada Lovelace" in found) == (True, True)
    assert case.number not in found
    unproved = client.get(reverse("cases:case", args=[guest_case.pk])).content.decode()
    assert (HINT in unproved, "Ada Lovelace" in unproved) == (True, True)
    assert HINT not in client.get(reverse("cases:case", args=[case.pk])).content.decode()


def test_history_and_messages_call_a_guest_by_name(
    guest_case: Case, guest: Actor, clerk: Actor
) -> None:
    actions.send_message(by=guest, case=guest_case.pk, text="Guten Tag")
    actions.request_correction(by=clerk, case=guest_case.pk, text="Chip?", seen=2)
    actions.answer_correction(by=guest, case=guest_case.pk, text="Ja")

    theirs = queries.own_case(by=guest, case=guest_case.pk)
    seen = queries.staff_case(by=clerk, case=guest_case.pk)

    assert [step.by for step in theirs.steps] == ["", "", clerk.office, ""]
    assert [message.author for message in theirs.messages] == ["Sie", "Sie"]
    unproved = f"Ada Lovelace ({HINT})"
    at_work = f"{clerk.name}, {clerk.office}"
    assert [step.by for step in seen.steps] == [unproved, unproved, at_work, unproved]
    assert [message.author for message in seen.messages] == [unproved, unproved]
    assert seen.applicant == unproved
    changed = queries.changes_since(by=clerk, case=guest_case.pk, seen=3)
    assert [step.by for step in changed] == [unproved]


def test_no_page_of_a_guest_s_case_shows_their_address(
    guest_case: Case, guest: Actor, office: Department, client: Client
) -> None:
    actions.send_message(by=guest, case=guest_case.pk, text="Guten Tag")
    sign_in(client, make_clerk(office, "cases.read", "cases.handle", "cases.decide"))

    for name in ("case", "decide", "request_correction", "close"):
        page = client.get(reverse(f"cases:{name}", args=[guest_case.pk])).content.decode()
        assert guest.name not in page, name


def test_a_citizen_s_name_is_proved_in_the_history_too(
    case: Case, applicant: Actor, clerk: Actor
) -> None:
    assert [step.by for step in queries.staff_case(by=clerk, case=case.pk).steps] == [
        applicant.name
    ]


def test_the_decision_is_addressed_to_the_name(
    guest_case: Case, clerk: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered: list[dict[str, object]] = []

    def render(template: str, data: dict[str, object]) -> bytes:
        rendered.append(data)
        return b"%PDF-1.7"

    monkeypatch.setattr("rathaus.cases.decision_texts.render", render)
    proposed = queries.proposed_decision(by=clerk, case=guest_case.pk, template="brief")
    assert proposed is not None

    actions.preview(by=clerk, case=guest_case.pk, text=proposed)

    assert rendered[0]["addressee"] == ["Ada Lovelace", "Am Hof 1", "4890 Lindenfurt"]
