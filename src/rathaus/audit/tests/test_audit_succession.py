"""Who reads which line about a guest's account, once citizens have taken matters out of it."""

from collections.abc import Callable

import pytest
from tests.factories import make_citizen, make_guest

from rathaus.accounts.models import Person
from rathaus.accounts.queries import actor_of
from rathaus.audit import queries, verify
from rathaus.audit.actions import record, seal
from rathaus.audit.models import Entry
from rathaus.audit.succession import TAKEN_OVER, share
from rathaus.core.errors import NotFound
from rathaus.core.transaction import unit_of_work

pytestmark = pytest.mark.django_db

TakeOver = Callable[..., None]


@pytest.fixture
def guest() -> Person:
    return make_guest()


@pytest.fixture
def take_over(guest: Person) -> TakeOver:
    def note(citizen: Person, *matters: str, is_last: bool) -> None:
        with unit_of_work():
            record(
                by=actor_of(citizen),
                did=TAKEN_OVER,
                on=guest,
                about=[guest.pk, citizen.pk],
                details=share(matters, is_last=is_last),
            )

    return note


def lines_about(person: Person, case: str = "") -> list[queries.Line]:
    """All lines of the page that a person reads, own deeds included, the newest first."""
    page = queries.occurrences_about(by=actor_of(person), case=case, with_own=True)
    lines = [line for told in page.items for line in told.lines]
    return sorted(lines, key=lambda line: line.seq, reverse=True)


def read_by(person: Person, case: str = "") -> list[int]:
    """The numbers of the entries that a person reads, on the page and in the export alike."""
    page = sorted((line.seq for line in lines_about(person, case)), reverse=True)
    if not case:
        assert [line.seq for line in queries.all_lines_about(person.pk)] == page
    return sorted(page)


def test_who_takes_everything_reads_everything(anna, bert, guest, write, take_over):
    write(1, about=[guest.pk], case="A-1")
    write(1, about=[guest.pk])
    write(1, about=[guest.pk], case="something that no domain lists")
    take_over(anna, "A-1", is_last=True)
    write(1, about=[guest.pk])  # a page that was on its way

    assert read_by(anna) == [1, 2, 3, 4, 5]
    assert read_by(anna, case="A-1") == [1]
    assert read_by(bert) == []


def test_two_people_with_one_mailbox_each_read_their_own(anna, bert, guest, write, take_over):
    write(1, about=[guest.pk], case="A-1")  # 1
    write(1, about=[guest.pk], case="B-1")  # 2
    write(1, about=[guest.pk])  # 3: a list in which both stood
    take_over(anna, "A-1", is_last=False)  # 4
    write(1, about=[guest.pk])  # 5: the guest's alone from here
    write(1, about=[guest.pk], case="A-1")  # 6: read before Anna took it, noted after

    assert read_by(anna) == [1, 3, 4, 6]
    assert read_by(guest) == [2, 3, 4, 5]

    take_over(bert, "B-1", is_last=True)  # 7
    write(1, about=[bert.pk], case="B-1")  # 8

    assert read_by(anna) == [1, 3, 4, 6]
    assert read_by(bert) == [2, 3, 4, 5, 7, 8]
    assert read_by(bert, case="A-1") == []


def test_nothing_is_lost_and_nothing_that_names_a_matter_is_shown_twice(
    anna, bert, guest, write, take_over
):
    for case in ("A-1", "B-1", "A-2", "B-2", "C-0"):
        write(2, about=[guest.pk], case=case)
    take_over(anna, "A-1", is_last=False)
    take_over(bert, "B-1", "B-2", is_last=False)
    take_over(anna, "A-2", is_last=True)
    write(1, about=[guest.pk], case="B-2")

    def cases_of(person: Person) -> set[str]:
        return {line.case for line in queries.all_lines_about(person.pk)} - {""}

    assert cases_of(anna) == {"A-1", "A-2", "C-0"}
    assert cases_of(bert) == {"B-1", "B-2"}
    named = Entry.objects.exclude(case="").count()
    seen = [*queries.all_lines_about(anna.pk), *queries.all_lines_about(bert.pk)]
    assert len([line for line in seen if line.case]) == named == 11


def test_what_they_did_as_a_guest_they_did_themselves(anna, bert, guest, write, take_over):
    write(1, by=actor_of(guest), about=[guest.pk], case="A-1", why="weil es so ist")
    write(1, by=actor_of(bert), about=[guest.pk, bert.pk], case="A-1", why="wegen Bert")
    take_over(anna, "A-1", is_last=True)

    taking, foreign, own = lines_about(anna)

    assert (own.office, own.why) == ("Sie selbst", "weil es so ist")
    assert (foreign.office, foreign.why) == ("Jemand von außerhalb der Verwaltung", "")
    assert taking.office == "Sie selbst"
    assert taking.sentence == "Anliegen aus einem Gastzugang wurden mit ID Austria übernommen"
    assert lines_about(bert)[0].office == "Sie selbst"


def test_a_guest_with_something_left_sees_that_somebody_took_the_rest(
    anna, guest, write, take_over
):
    take_over(anna, "A-1", is_last=False)

    (line,) = lines_about(guest)

    assert line.office == "Jemand von außerhalb der Verwaltung"


def test_proofs_go_with_the_lines(anna, bert, guest, write, take_over):
    write(1, about=[guest.pk], case="A-1")
    write(1, about=[guest.pk], case="B-1")
    take_over(anna, "A-1", is_last=False)
    seal()

    proof = queries.proof_of(1, reader=anna.pk)

    assert verify.check_proof(proof, queries.roots_document()["roots"]) == []
    assert str(guest.pk) not in str(proof)
    for seq, reader in ((2, anna), (1, guest), (1, bert), (3, bert)):
        with pytest.raises(NotFound):
            queries.proof_of(seq, reader=reader.pk)


def test_somebody_else_who_is_named_by_a_taking_inherits_nothing(anna, guest, write, take_over):
    """Only who acted inherits, and only from the one person that the entry is on."""
    other, bystander = make_guest(), make_citizen()
    write(1, about=[other.pk], case="A-1")
    write(1, about=[guest.pk], case="A-1")
    take_over(anna, "A-1", is_last=True)

    assert read_by(anna) == [2, 3]
    assert read_by(other) == [1]
    assert read_by(bystander) == []
