"""Whatever way staff read a personal row, its subject is noted; what can't be told is refused."""

from uuid import UUID

import pytest
from django.db.models import Count, Exists, F, Max, OuterRef, Prefetch, Subquery, Value
from django.db.models.functions import Concat
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from tests.factories import make_citizen, make_clerk, make_guest

from rathaus.accounts.models import Membership, Person
from rathaus.accounts.queries import actor_of
from rathaus.audit import middleware
from rathaus.audit.models import Act, Entry
from rathaus.audit.reading import ReadLog, Reason, UnaccountedRead, open_log, reading
from rathaus.core.actor import SYSTEM
from rathaus.core.errors import Attempt, NotAllowed, NotFound

BY_HAND = "SELECT id, email FROM accounts_person"


@pytest.fixture
def people(anna, bert):
    """Two citizens and what hangs on them: a table that is not personal, and a member of staff."""
    role_of = make_clerk("office").memberships.get()
    for person in (anna, bert):
        Membership.objects.create(person=person, role=role_of.role)
    return anna, bert


def row(anna):
    return Person.objects.filter(pk=anna.pk)


def held(anna):
    return Membership.objects.filter(person=anna)


def the_person_of_a_membership():
    return Person.objects.filter(pk=OuterRef("person"))


def noted() -> list[set[UUID]]:
    return [set(entry.about) for entry in Entry.objects.order_by("seq")]


READS = {
    "all": lambda anna: list(row(anna)),
    "get": lambda anna: Person.objects.get(pk=anna.pk),
    "first": lambda anna: row(anna).first(),
    "last": lambda anna: row(anna).last(),
    "index": lambda anna: row(anna)[0],
    "slice": lambda anna: list(row(anna)[:5]),
    "in_bulk": lambda anna: Person.objects.in_bulk([anna.pk]),
    "iterator": lambda anna: list(row(anna).iterator()),
    "raw": lambda anna: list(Person.objects.raw(f"{BY_HAND} WHERE id = %s", [anna.pk])),
    "raw by another manager": lambda anna: list(
        Person._base_manager.raw(f"{BY_HAND} WHERE id = %s", [anna.pk])
    ),
    "earliest": lambda anna: row(anna).earliest("created_at"),
    "refresh": lambda anna: anna.refresh_from_db(),
    "refresh of one field": lambda anna: anna.refresh_from_db(fields=["email"]),
    "only": lambda anna: list(row(anna).only("email")),
    "deferred": lambda anna: Person.objects.defer("email").get(pk=anna.pk).email,
    "values": lambda anna: list(row(anna).values("subject_id", "email")),
    "values by key": lambda anna: list(row(anna).values("id", "email")),
    "values_list": lambda anna: list(row(anna).values_list("email", "pk")),
    "flat": lambda anna: list(row(anna).values_list("pk", flat=True)),
    "named": lambda anna: list(row(anna).values_list("pk", "email", named=True)),
    "annotation": lambda anna: list(
        row(anna).annotate(n=Concat("email", Value("!"))).values("n", "pk")
    ),
    "union": lambda anna: list(row(anna).union(Person.objects.none())),
    "select_related": lambda anna: list(held(anna).select_related("person")),
    "through a foreign key": lambda anna: Membership.objects.get(person=anna).person,
    "prefetch": lambda anna: list(held(anna).prefetch_related("person")),
    "prefetch object": lambda anna: list(
        held(anna).prefetch_related(Prefetch("person", Person.objects.all()))
    ),
    "values across a join": lambda anna: list(
        held(anna).values("person__email", "person__subject_id")
    ),
    "annotation across a join": lambda anna: list(
        held(anna).annotate(mail=F("person__email"), who=F("person__subject_id")).values()
    ),
    "base manager": lambda anna: Person._base_manager.get(pk=anna.pk),
    "get_or_create": lambda anna: Person.objects.get_or_create(pk=anna.pk),
}  # fmt: skip


@pytest.mark.parametrize("read", READS.values(), ids=READS.keys())
def test_every_way_of_reading_is_noted(read, people, clerk):
    anna, _bert = people
    with reading(by=clerk, did="test.read", why="Prüfung", case="BS-1"):
        read(anna)

    entry = Entry.objects.get()
    assert entry.about == [anna.id]
    assert (entry.act, entry.did) == (Act.READ, "test.read")
    assert (entry.why, entry.case) == ("Prüfung", "BS-1")
    assert entry.details == {"tables": ["accounts_person"]}


FREE = {
    "count": lambda: Person.objects.count(),
    "exists": lambda: Person.objects.exists(),
    "aggregate": lambda: Person.objects.aggregate(Max("created_at")),
    "filter by a subquery": lambda: list(
        Membership.objects.filter(person__in=Person.objects.values("pk")).values("pk")
    ),
    "exists annotation": lambda: list(
        Membership.objects.annotate(known=Exists(the_person_of_a_membership())).values("known")
    ),
    "count across a join": lambda: list(
        Membership.objects.values("role").annotate(n=Count("person__email"))
    ),
    "an empty result": lambda: list(Person.objects.filter(email="nobody@example.org")),
    "none": lambda: list(Person.objects.none()),
    "staff": lambda: list(Person.objects.filter(kind="staff")),
    "update": lambda: Person.objects.update(phone="1"),
}  # fmt: skip


@pytest.mark.parametrize("free", FREE.values(), ids=FREE.keys())
def test_what_shows_no_citizen_s_row_is_free(free, people, clerk):
    with reading(by=clerk, did="test.read"):
        free()

    assert noted() == []


HIDDEN = {
    "values": lambda: list(Person.objects.values("email")),
    "flat": lambda: list(Person.objects.values_list("email", flat=True)),
    "grouped": lambda: list(Person.objects.values("email").annotate(n=Count("pk"))),
    "across a join": lambda: list(Membership.objects.values("person__email")),
    "annotation": lambda: list(Membership.objects.annotate(mail=F("person__email"))),
    "greatest": lambda: list(Membership.objects.values("role").annotate(mail=Max("person__email"))),
    "subquery": lambda: list(
        Membership.objects.annotate(mail=Subquery(the_person_of_a_membership().values("email")))
    ),
}  # fmt: skip


@pytest.mark.parametrize("hidden", HIDDEN.values(), ids=HIDDEN.keys())
def test_rows_without_a_subject_are_refused(hidden, people, clerk):
    with pytest.raises(UnaccountedRead), reading(by=clerk, did="test.read"):
        hidden()

    assert noted() == []


def test_impersonal_columns_may_be_grouped(people, clerk, monkeypatch):
    monkeypatch.setattr(Person, "impersonal", frozenset({"kind"}))
    with reading(by=clerk, did="test.read"):
        counted = list(Person.objects.values("kind").annotate(n=Count("pk")).order_by("kind"))
    assert counted == [{"kind": "citizen", "n": 2}, {"kind": "staff", "n": 2}]
    assert noted() == []


def test_citizens_and_the_machine_leave_no_trail(people):
    for actor in (actor_of(people[0]), SYSTEM):
        with reading(by=actor, did="test.read"):
            list(Person.objects.values("email"))
    assert noted() == []


def test_each_reason_is_an_entry_of_its_own(people, clerk):
    anna, bert = people
    log = ReadLog(Reason(clerk, "page"))
    with log.open():
        Person.objects.get(pk=anna.pk)
        with reading(by=clerk, did="case", case="BS-1"):
            Person.objects.get(pk=bert.pk)
            Person.objects.get(pk=bert.pk)
        Person.objects.get(pk=bert.pk)
    assert noted() == []
    log.close()
    assert {(entry.did, entry.case): set(entry.about) for entry in Entry.objects.all()} == {
        ("page", ""): {anna.id, bert.id},
        ("case", "BS-1"): {bert.id},
    }


def test_nobody_reads_on_in_a_closed_log(people, clerk):
    log = ReadLog(Reason(clerk, "page"))
    with log.open():
        late = Person.objects.iterator()
    log.close()
    with log.open(), pytest.raises(UnaccountedRead):
        list(late)


def test_rows_deleted_before_their_subject_is_known_stop_the_page(people, clerk):
    log = ReadLog(Reason(clerk, "page"))
    guest = make_guest()
    with log.open():
        list(Person.objects.filter(pk=guest.pk).values("pk"))
    guest.delete()
    with pytest.raises(UnaccountedRead):
        log.close()


class Pages:
    """Views that behave in every way the middleware must know."""

    def __init__(self, person: Person) -> None:
        self.person = person

    def read(self, request):
        return HttpResponse(Person.objects.get(pk=self.person.pk).full_name)

    def refuse(self, request):
        raise NotFound(attempted=Attempt("cases.read", case="BS-1", about=[self.person.id]))

    def forbid(self, request):
        raise NotAllowed

    def stream(self, request):
        people = Person.objects.filter(kind="citizen").order_by("family_name").iterator()
        return StreamingHttpResponse(person.full_name for person in people)

    def file(self, request):
        Person.objects.get(pk=self.person.pk)
        return FileResponse(open(__file__, "rb"))


def serve(view, actor):
    request = RequestFactory().get("/")
    request.actor = actor
    ledger = middleware.ReadLedger(lambda request: answer(ledger, request, view))
    return ledger(request)


def answer(ledger, request, view):
    """What Django does around a view."""
    ledger.process_view(request, view)
    try:
        return view(request)
    except (NotFound, NotAllowed) as error:
        return ledger.process_exception(request, error) or HttpResponse(status=error.status)


def test_a_page_for_staff_is_an_entry(anna, clerk):
    serve(Pages(anna).read, clerk)
    assert noted() == [{anna.id}]


def test_a_page_for_citizens_is_none(anna):
    serve(Pages(anna).read, actor_of(anna))
    assert noted() == []


def test_a_page_whose_reads_cannot_be_noted_is_not_shown(anna, clerk, monkeypatch):
    def broken(**deed):
        raise OSError("disk full")

    monkeypatch.setattr("rathaus.audit.reading.record", broken)
    with pytest.raises(OSError, match="disk full"):
        serve(Pages(anna).read, clerk)


def test_streamed_rows_are_noted_before_they_leave(anna, bert, clerk, monkeypatch):
    monkeypatch.setattr(middleware, "BYTES_PER_ENTRY", 5)
    chunks = iter(serve(Pages(anna).stream, clerk))
    assert noted() == []
    assert next(chunks) == b"Anna Auer"
    assert noted() == [{anna.id}]
    assert b"".join(chunks) == b"Bert Bauer"
    assert noted() == [{anna.id}, {bert.id}]
    assert open_log() is None


def test_files_keep_their_own_way_out(anna, clerk):
    response = serve(Pages(anna).file, clerk)
    assert response.file_to_stream is not None
    response.file_to_stream.close()
    assert noted() == [{anna.id}]


def test_a_refused_attempt_is_noted_for_the_person_it_would_have_shown(anna, bert):
    assert serve(Pages(anna).refuse, actor_of(bert)).status_code == 404
    entry = Entry.objects.get()
    assert (entry.act, entry.actor, entry.about) == (Act.REFUSED, bert.id, [anna.id])


def test_a_forbidden_page_is_noted(anna, clerk):
    assert serve(Pages(anna).forbid, clerk).status_code == 403
    entry = Entry.objects.get()
    assert (entry.act, entry.did, entry.about) == (Act.REFUSED, "access.refused", [])


def test_a_large_page_is_one_entry_and_four_statements(clerk, django_assert_num_queries):
    citizens = {make_citizen().id for _ in range(50)}
    # The page, then savepoint, head, entry, release.
    with django_assert_num_queries(1 + 4), reading(by=clerk, did="test.read"):
        list(Person.objects.filter(kind="citizen"))
    assert noted() == [citizens]
