from collections.abc import Callable
from datetime import date, timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from tests.factories import make_clerk, sign_in

from rathaus.accounts.models import Department, Person
from rathaus.accounts.queries import actor_of
from rathaus.cases import actions, queries
from rathaus.cases.models import Case, CorrectionRequest, Procedure
from rathaus.cases.phases import Phase
from rathaus.cases.queries.inbox import Cursor, Hits, InboxFilter, parse_cursor
from rathaus.cases.words import status_line
from rathaus.core.actor import ANONYMOUS, SYSTEM, Actor
from rathaus.core.domain import OwnMatter, case_address, own_matters


def numbers(by: Actor, **wanted: object) -> list[str]:
    page = queries.inbox(by=by, wanted=InboxFilter(**wanted))  # type: ignore[arg-type]
    return [row.number for row in page.rows]


@pytest.fixture
def four(file_case: Callable[..., Case]) -> list[Case]:
    """Cases 1 to 4, of which 4 is due first."""
    return [
        file_case(title=f"Hund {name}", submitted_at=case_day(4 - number))
        for number, name in enumerate(["Ajax", "Bruno", "Cora", "Dino"])
    ]


def case_day(day: int) -> object:
    from datetime import UTC, datetime

    return datetime(2026, 10, 1, 12, tzinfo=UTC) + timedelta(days=7 * day)


def test_the_next_deadline_comes_first(clerk: Actor, four: list[Case]) -> None:
    assert numbers(clerk) == [case.number for case in reversed(four)]


@pytest.mark.parametrize(
    ("phase", "size", "is_latest_first"), [("open", 2, False), ("all", 3, True)]
)
def test_pages_lead_on_and_back(
    clerk: Actor, four: list[Case], phase: str, size: int, is_latest_first: bool
) -> None:
    by_arrival = [case.number for case in four]
    in_order = by_arrival if is_latest_first else by_arrival[::-1]
    wanted = InboxFilter(phase=phase)

    first = queries.inbox(by=clerk, wanted=wanted, size=size)
    second = queries.inbox(by=clerk, wanted=wanted, size=size, after=parse_cursor(first.next))
    back = queries.inbox(by=clerk, wanted=wanted, size=size, before=parse_cursor(second.previous))

    assert [row.number for row in first.rows] == in_order[:size]
    assert [row.number for row in second.rows] == in_order[size:]
    assert back.rows == first.rows
    assert (first.previous, second.next, back.previous) == ("", "", "")
    assert back.next == first.next


@pytest.mark.parametrize(
    ("phase", "is_open_only"),
    [("open", True), ("approval", True), ("received", True), ("closed", False), ("all", False)],
)
def test_only_what_is_open_is_sorted_by_its_deadline(phase: str, is_open_only: bool) -> None:
    assert InboxFilter(phase=phase).is_open_only is is_open_only


@pytest.mark.parametrize("text", ["", "_", "2026-01-01", "2026-13-01_x", "x_y", "2026-01-01_1"])
def test_a_wrong_cursor_means_the_beginning(text: str) -> None:
    assert parse_cursor(text) is None


def test_a_cursor_survives_its_address(case: Case) -> None:
    cursor = Cursor(date(2027, 3, 12), case.pk)
    assert parse_cursor(str(cursor)) == cursor


def test_filters(clerk: Actor, four: list[Case], vets: Department, procedure: object) -> None:
    first, second, third, fourth = four
    actions.take(by=clerk, case=first.pk)
    actions.set_state(by=clerk, case=second.pk, phase=Phase.EXAMINING, seen=1)
    actions.set_state(by=clerk, case=second.pk, state="tierarzt", seen=2)
    actions.close(by=clerk, case=third.pk, seen=1, why="doppelt")
    Case.objects.filter(pk=fourth.pk).update(level=3)
    second.refresh_from_db()

    assert numbers(clerk, assigned="me") == [first.number]
    assert numbers(clerk, assigned="nobody") == [fourth.number, second.number]
    assert numbers(clerk, phase="examining") == [second.number]
    assert numbers(clerk, state=second.state_id) == [second.number]
    assert numbers(clerk, phase="closed") == [third.number]
    assert len(numbers(clerk, phase="all")) == 4
    assert numbers(clerk, level=3) == [fourth.number]
    assert numbers(clerk, words="cora ÖZTÜRK", phase="all") == [third.number]
    assert numbers(clerk, words=f" {first.number.lower()} ") == [first.number]
    assert numbers(clerk, words="100% hund_") == []
    assert numbers(clerk, department=vets.pk) == []
    assert len(numbers(clerk, procedure=first.procedure_id)) == 3


def test_everybody_sees_only_what_is_theirs(
    case: Case, clerk: Actor, foreign_clerk: Actor, applicant: Actor, stranger: Actor
) -> None:
    seen = {
        name: [row.number for row in queries.inbox(by=by, wanted=InboxFilter()).rows]
        for name, by in {
            "clerk": clerk,
            "foreign": foreign_clerk,
            "stranger": stranger,
            "nobody": ANONYMOUS,
            "machine": SYSTEM,
        }.items()
    }
    assert seen == {
        "clerk": [case.number],
        "foreign": [],
        "stranger": [],
        "nobody": [],
        "machine": [case.number],
    }
    assert [own.number for own in queries.my_cases(by=applicant)] == [case.number]
    assert queries.my_cases(by=stranger) == []


def test_choices_name_the_departments_of_the_clerk(
    clerk: Actor, office: Department, procedure: object, case: Case
) -> None:
    choices = queries.inbox_choices(by=clerk, procedure=case.procedure_id)

    assert choices.departments == [(office.pk, "Buergerservice")]
    assert [text for _pk, text in choices.procedures] == ["Anmeldung eines Hundes"]
    assert [text for _pk, text in choices.states] == ["Bei der Tierärztin"]


def test_a_procedure_is_offered_where_its_cases_may_come(
    clerk: Actor, foreign_clerk: Actor, procedure: Procedure
) -> None:
    actions.install_procedures(
        by=SYSTEM, text="{procedure: bad, name: {de: Bad}, department: buergerservice}"
    )

    def offered(by: Actor) -> list[str]:
        return [text for _pk, text in queries.inbox_choices(by=by).procedures]

    assert offered(clerk) == ["Anmeldung eines Hundes", "Bad"]
    assert offered(foreign_clerk) == ["Anmeldung eines Hundes"], "its routing may bring one here"
    assert offered(SYSTEM) == ["Anmeldung eines Hundes", "Bad"]


def test_hits_are_counted_up_to_a_bound(
    clerk: Actor, four: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert queries.count_hits(by=clerk, wanted=InboxFilter(words="hund")) == Hits(4, are_more=False)
    assert queries.count_hits(by=clerk, wanted=InboxFilter(words="cora")) == Hits(1, are_more=False)
    monkeypatch.setattr(import_module("rathaus.cases.queries.inbox"), "MOST_COUNTED", 3)
    assert queries.count_hits(by=clerk, wanted=InboxFilter()) == Hits(3, are_more=True)


def test_an_applicant_is_found_by_their_email(
    clerk: Actor, case: Case, citizen: Person, procedure: Procedure, office: Department
) -> None:
    assert citizen.email is not None
    assert numbers(clerk, words=citizen.email.upper()) == [case.number]
    assert numbers(clerk, words=f"bello {citizen.email}") == [case.number]
    assert numbers(clerk, words="jemand@anders.example") == []


def test_my_cases_tell_news_and_what_to_do(case: Case, clerk: Actor, applicant: Actor) -> None:
    actions.send_message(by=clerk, case=case.pk, text="Guten Tag")
    actions.request_correction(by=clerk, case=case.pk, text="Bitte", seen=2)

    (own,) = queries.my_cases(by=applicant)

    assert (own.has_news, own.resting, own.is_open) == (True, True, True)
    assert own.answer_until == CorrectionRequest.objects.get(case=case).due_on


def test_a_foreign_reader_finds_their_case_under_its_name(case: Case, applicant: Actor) -> None:
    with override("en"):
        (matter,) = own_matters(applicant, {case.number}).values()

    assert matter == OwnMatter("Registration of a dog", reverse("cases:own_case", args=[case.pk]))


@pytest.mark.usefixtures("still_clock")
def test_the_inbox_needs_eight_queries_however_many_cases(
    client: Client, office: Department, file_case: Callable[..., Case]
) -> None:
    staff = sign_in(client, make_clerk(office, "cases.read"))
    file_case()
    address = reverse("cases:inbox")
    staff.get(address)
    counted = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            staff.get(address)
        counted.append([query["sql"] for query in captured.captured_queries])
        for _more in range(5):
            file_case()

    frames = ("SAVEPOINT", "RELEASE")
    few, many = (
        [sql for sql in statements if not sql.startswith(frames)] for statements in counted
    )
    assert len(few) == len(many) <= 10


@pytest.mark.parametrize(
    ("phase", "states"),
    [
        (Phase.RECEIVED, ["current", "coming", "coming"]),
        (Phase.INCOMPLETE, ["done", "current", "coming"]),
        (Phase.EXAMINING, ["done", "current", "coming"]),
        (Phase.DECIDED, ["done", "done", "done"]),
        (Phase.CLOSED, ["done", "done", "done"]),
        (Phase.WITHDRAWN, ["done", "stopped"]),
    ],
)
def test_the_status_line(phase: Phase, states: list[str]) -> None:
    line = status_line(phase, date(2026, 9, 12), date(2026, 10, 1))
    assert [step.state for step in line] == states
    assert line[0].date == date(2026, 9, 12)


def test_where_to_amend_is_asked_of_the_domain_it_came_from(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rathaus.core.domain import Domain

    asked: list[object] = []

    def address(kind: str, case_id: object) -> str:
        asked.append((kind, case_id))
        return "/antrag/aendern/"

    monkeypatch.setattr(
        "rathaus.cases.queries.case_page.domains",
        lambda: [Domain("a", "A"), Domain("b", "B", amend_address=address)],
    )

    assert queries.amend_address(case) == "/antrag/aendern/"
    assert asked == [("services", case.pk)]


def test_the_dashboard_counts(office: Department, four: list[Case]) -> None:
    from rathaus.cases.queries.dashboard import cards

    person = make_clerk(office, "cases.read", "cases.handle")
    me = actor_of(person)
    actions.take(by=me, case=four[0].pk)
    Case.objects.filter(pk=four[1].pk).update(level=2)
    Case.objects.filter(pk=four[2].pk).update(level=3)

    assert [card.value for card in cards(me)] == ["1", "3", "1", "1"]
    assert list(cards(actor_of(make_clerk(office, "payments.read")))) == []


def test_other_domains_lead_staff_back_to_their_cases_alone(
    case: Case, clerk: Actor, foreign_clerk: Actor
) -> None:
    assert case_address(clerk, case.number) == f"/amt/faelle/{case.pk}/"
    assert case_address(foreign_clerk, case.number) == ""
    assert case_address(clerk, "HU-2026-999999") == ""


def test_an_export_tells_everything(case: Case, clerk: Actor, citizen: Person) -> None:
    from rathaus.cases.queries.personal_data import personal_data

    actions.send_message(by=clerk, case=case.pk, text="Guten Tag")

    sections = {str(section.title): section.rows for section in personal_data(citizen.pk)}

    assert [row["number"] for row in sections["Anliegen"]] == [case.number]
    assert [row["text"] for row in sections["Nachrichten"]] == ["Guten Tag"]
    assert len(sections["Angaben in Anliegen"]) == 1
    assert list(sections["Entscheidungen"]) == []
