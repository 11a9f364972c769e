"""Role × route × foreign row: who may not, is turned away, and nothing has changed.

Routes come from the URL resolver, audiences and rights from the marks on the views, rows from the
demo city. A new page is tested as soon as it has an address.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client
from tests.every_route import Route, every_route
from tests.factories import make_citizen, make_clerk, make_department, make_guest, sign_in
from tests.tables import tables

from rathaus.accounts.access import Audience
from rathaus.accounts.models import Person
from rathaus.core.domain import all_rights

pytest_plugins = ["tests.demo_city"]
pytestmark = pytest.mark.django_db

ROWS_PER_PARAMETER = 2
METHODS = ("GET", "POST")
REFUSED = {302, 403, 404, 405}
# Libraries' pages without a mark of ours, and what is nobody's: pictures and colours of the city.
WITHOUT_A_MARK = {
    "stadt.css",
    "wappen.svg",
    "sprache/",
    "impressum/",
    "datenschutz/",
    "barrierefreiheit/",
    "demo/bausteine/",
}
# Rows that belong to one department: staff of another must not see them.
DEPARTMENTAL = {
    ("uuid", "case"),
    ("uuid", "booking"),
    ("int", "hours"),
    ("int", "duty"),
    ("int", "closure"),
    ("int", "absence"),
    ("int", "counter"),
    ("int", "offer"),
}


@dataclass(frozen=True)
class Outsider:
    """Somebody who must be turned away from some routes."""

    name: str
    client: Client


@pytest.fixture
def outsiders(demo_city: None) -> list[Outsider]:
    rights = [right.name for right in all_rights()]
    office = make_department("fremdamt")
    people = {
        "guest": make_guest(),
        "citizen": make_citizen(),
        "staff without rights": make_clerk(office),
        "staff of another department": make_clerk(office, *rights),
    }
    signed_in = [Outsider(name, sign_in(Client(), person)) for name, person in people.items()]
    return [Outsider("anonymous", Client()), *signed_in]


def must_refuse(route: Route, outsider: Outsider) -> bool:
    """Whether this person may not do anything there, given that every row is somebody else's."""
    assert route.access is not None
    staff = outsider.name.startswith("staff")
    match route.access.audience:
        case Audience.STAFF if not staff:
            return True
        case Audience.STAFF if outsider.name == "staff without rights":
            return bool(route.access.right)
        case Audience.STAFF:
            return not DEPARTMENTAL.isdisjoint(route.parameters)
        case Audience.CITIZEN:
            return staff or outsider.name == "anonymous" or route.shows_a_personal_row
        case Audience.PUBLIC:
            return route.shows_a_personal_row
    raise AssertionError(route)


def test_every_page_says_for_whom_it_is() -> None:
    unmarked = {route.pattern for route in every_route() if route.access is None}
    assert unmarked - WITHOUT_A_MARK == set()


def test_every_right_on_a_page_is_known() -> None:
    known = {right.name for right in all_rights()}
    named = {route.access.right for route in every_route() if route.access and route.access.right}
    assert named - known == set()


def test_who_may_not_is_turned_away_and_nothing_changes(outsiders: list[Outsider]) -> None:
    wrong: list[str] = []
    tried = 0
    before = tables()
    for route in every_route():
        for who in outsiders:
            if not route.access or not must_refuse(route, who):
                continue
            for method, address in attempts(route):
                status = who.client.generic(method, address).status_code
                tried += 1
                if status not in REFUSED:
                    wrong.append(f"{who.name}: {method} {address} answered {status}")
        after = tables()
        wrong += [
            f"{route.pattern} changed {name}" for name in after if after[name] != before[name]
        ]
        before = after
    assert wrong == []
    assert tried > 400, "too few attempts: is the resolver empty?"


def attempts(route: Route) -> Iterator[tuple[str, str]]:
    for address in route.addresses(each=ROWS_PER_PARAMETER):
        for method in METHODS:
            yield method, address


def test_the_hash_notices_a_change(demo_city: None) -> None:
    before = tables()
    Person.objects.filter(kind=Person.Kind.CITIZEN).update(phone="+43 1 234")
    after = tables()
    assert {name for name in before if before[name] != after[name]} == {"accounts_person"}
