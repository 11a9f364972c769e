"""Every personal row that PostgreSQL hands to a page for staff is in the trail.

The proof does not trust the program's own bookkeeping: it reads from PostgreSQL's answers which
table each column came from, and compares with what was written down.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from tests.every_route import Route, every_route
from tests.factories import make_clerk, sign_in

from rathaus.accounts.access import Audience
from rathaus.accounts.models import Person
from rathaus.audit.models import Act, Entry
from rathaus.audit.personal import PersonalModel
from rathaus.core.domain import all_rights

pytest_plugins = ["tests.demo_city"]
pytestmark = pytest.mark.django_db

ROWS_PER_PARAMETER = 2


def personal_models() -> list[type[PersonalModel]]:
    return [model for model in apps.get_models() if issubclass(model, PersonalModel)]


class Witness:
    """Sees each row of a personal table that PostgreSQL sends while it watches."""

    def __init__(self) -> None:
        self.keys: dict[type[PersonalModel], set[object]] = defaultdict(set)
        self.subjects: set[UUID] = set()
        self.hidden: list[str] = []
        self._models = {_oid(model): model for model in personal_models()}
        self._columns = {model: _columns(model) for model in self._models.values()}

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        result = execute(sql, params, many, context)
        cursor = context["cursor"].cursor
        if sql.startswith("SELECT") and cursor.description:
            rows = cursor.fetchall()
            if rows:
                cursor.scroll(0, mode="absolute")
            for model, names in self._shown(cursor).items():
                self._look(model, names, rows, sql)
        return result

    def people(self, known: "Subjects") -> set[UUID]:
        """Whose rows were seen; rows that are new are looked up in `known`'s stead."""
        return self.subjects.union(*(known.of(model, keys) for model, keys in self.keys.items()))

    def _shown(self, cursor: Any) -> dict[type[PersonalModel], dict[str, list[int]]]:
        """The columns of personal tables in an answer, with their positions."""
        shown: dict[type[PersonalModel], dict[str, list[int]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for position in range(cursor.pgresult.nfields):
            model = self._models.get(cursor.pgresult.ftable(position))
            if model is not None:
                name = self._columns[model][cursor.pgresult.ftablecol(position)]
                shown[model][name].append(position)
        return shown

    def _look(
        self, model: type[PersonalModel], names: dict[str, list[int]], rows: list[Any], sql: str
    ) -> None:
        if set(names) <= {_column(model, name) for name in model.impersonal}:
            return
        key, subject = model._meta.pk.column, model.subject_column
        if key in names:
            self.keys[model] |= {row[at] for row in rows for at in names[key]} - {None}
        elif subject in names:
            self.subjects |= {row[at] for row in rows for at in names[subject]} - {None}
        elif rows:
            self.hidden.append(sql)


class Subjects:
    """Whose each personal row is, remembered even if the row is deleted meanwhile."""

    def __init__(self) -> None:
        self._known = {model: _subjects(model._base_manager.all()) for model in personal_models()}

    def of(self, model: type[PersonalModel], keys: set[object]) -> set[UUID]:
        """The people whom the rows with these keys are about."""
        known = self._known[model]
        known |= _subjects(model._base_manager.filter(pk__in=keys - known.keys()))
        return {subject for key in keys if (subject := known[key]) is not None}


def _oid(model: type[PersonalModel]) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::regclass::oid", [model._meta.db_table])
        return int(cursor.fetchone()[0])


def _columns(model: type[PersonalModel]) -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attnum, attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0",
            [model._meta.db_table],
        )
        return dict(cursor.fetchall())


def _column(model: type[PersonalModel], field: str) -> str:
    return str(model._meta.get_field(field).column)


def _subjects(rows: Iterable[Any]) -> dict[object, UUID | None]:
    return {row.pk: row.subject_id for row in rows}


@contextmanager
def witnessed() -> Iterator[Witness]:
    witness = Witness()
    with connection.execute_wrapper(witness):
        yield witness


@pytest.fixture
def chief(demo_city: None) -> Person:
    """Somebody who holds every right everywhere: sees the most rows."""
    return make_clerk(None, *(right.name for right in all_rights()))


def staff_routes() -> list[Route]:
    return [
        route
        for route in every_route()
        if route.access is not None and route.access.audience in (Audience.STAFF, Audience.PUBLIC)
    ]


def visit(person: Person, route: Route, method: str) -> Iterator[tuple[str, set[UUID], Witness]]:
    """Open a route with real rows; what the trail gained, and what the witness saw."""
    for address in route.addresses(each=ROWS_PER_PARAMETER):
        client = sign_in(Client(), person)  # anew, since some pages sign out
        before = Entry.objects.count()
        with witnessed() as witness:
            response = client.generic(method, address)
            b"".join(response)
        assert response.status_code < 500, address
        entries = Entry.objects.filter(seq__gt=before, act=Act.READ)
        yield address, {person for entry in entries for person in entry.about}, witness


def test_every_row_that_staff_are_sent_is_in_the_trail(chief: Person) -> None:
    known = Subjects()
    seen: dict[str, int] = defaultdict(int)
    forgotten: list[str] = []
    for route, method in product(staff_routes(), ("GET", "POST")):
        for address, noted, witness in visit(chief, route, method):
            people = witness.people(known)
            seen[route.pattern] += len(people)
            if people - noted or witness.hidden:
                forgotten.append(f"{method} {address}: {len(people - noted)}, {witness.hidden}")
    assert forgotten == []
    assert seen["amt/faelle/"] > 1, "the proof is empty"
    assert seen["amt/faelle/<uuid:case>/"] > 1


def test_the_witness_sees_what_is_hidden_from_the_trail(demo_city: None) -> None:
    """A read that goes around the program's bookkeeping does not go around the witness."""
    with witnessed() as witness, connection.cursor() as cursor:
        cursor.execute("SELECT id, given_name FROM accounts_person WHERE kind <> 'staff'")
        cursor.execute("SELECT given_name FROM accounts_person")
        cursor.execute("SELECT count(*) FROM accounts_person")
    citizens = set(Person.objects.exclude(kind="staff").values_list("pk", flat=True))
    assert witness.people(Subjects()) == citizens
    assert witness.hidden == ["SELECT given_name FROM accounts_person"]
