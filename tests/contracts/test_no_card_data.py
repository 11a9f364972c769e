"""No card data passes through the house: no field asks for it, and nothing keeps what is sent."""

import re
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from tests.every_route import every_route
from tests.factories import make_clerk, sign_in

import rathaus
from rathaus.accounts.models import Person
from rathaus.core.domain import all_rights
from rathaus.demo.lindenfurt.people import person_id

pytest_plugins = ["tests.demo_city"]
pytestmark = pytest.mark.django_db

SOURCES = Path(rathaus.__file__).parent
SERVICE = SOURCES / "demo" / "payment_service"  # stands for somebody else, in a process of its own
ASKS = re.compile(
    r"cc-(number|csc|exp|name)|kartennummer\"|card_?number|card\[|\bcvc\b|\bcvv\b|\bpan\b", re.I
)
DOORS = re.compile(r"meine-zahlungen|zahlungsdienste|api/payments|amt/kassa|amt/zahlungen")
NUMBER = "4242424242424242"
CARD = {
    "card": NUMBER,
    "card_number": NUMBER,
    "number": NUMBER,
    "cc-number": NUMBER,
    "kartennummer": NUMBER,
    "cvc": "987",
    "exp": "12/34",
}


def test_no_page_and_no_program_of_ours_names_a_field_for_a_card() -> None:
    found = [
        str(path.relative_to(SOURCES))
        for pattern in ("**/*.py", "**/*.html", "**/*.ts", "**/*.yaml")
        for path in SOURCES.glob(pattern)
        if SERVICE not in path.parents and "tests" not in path.parts
        if ASKS.search(path.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_a_card_number_sent_to_any_address_of_payments_is_kept_nowhere(demo_city: None) -> None:
    citizen = sign_in(Client(), Person.objects.get(pk=person_id("anna-huber")))
    clerk = sign_in(Client(), make_clerk(None, *(right.name for right in all_rights())))
    tried = 0
    for route in every_route():
        for address in route.addresses(each=1) if DOORS.match(route.pattern) else ():
            for visitor in (citizen, clerk, Client()):
                visitor.get(address, CARD)
                visitor.post(address, CARD)
                visitor.post(address, CARD, content_type="application/json")
                tried += 1

    assert tried > 20
    assert tables_with(NUMBER) == set()
    assert "payments_paymentreference" in tables_with("RF")  # it would be found


def tables_with(text: str) -> set[str]:
    """Every table of the database in which some row holds the text."""
    found = set()
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names():
            looked = f'SELECT count(*) FROM "{name}" AS row WHERE row::text LIKE %s'  # noqa: S608
            cursor.execute(looked, [f"%{text}%"])
            if cursor.fetchone()[0]:
                found.add(name)
    return found
