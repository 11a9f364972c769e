"""The city's list of addresses: loaded as a whole, taken over into a draft one by one."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from uuid import UUID

from django.utils.translation import gettext as _
from pydantic import JsonValue

from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.clock import today
from rathaus.core.errors import Invalid, NotFound
from rathaus.core.transaction import atomic
from rathaus.services.actions.drafts import keep_answers, locked
from rathaus.services.address_key import address_key
from rathaus.services.draft_access import Knock
from rathaus.services.forms.paths import identifier_of, with_answer_at
from rathaus.services.models import StreetAddress
from rathaus.services.queries.forms import compiled


class BadAddressList(Invalid):
    """A line of the file is no address; the message names it."""


@dataclass(frozen=True)
class NumberedStreet:
    """House numbers of one street, from the first to the last."""

    postcode: str
    place: str
    street: str
    first: int
    last: int


def parse_addresses(text: str) -> list[NumberedStreet]:
    """The lines of a file `postcode;place;street;first;last`. Raises `BadAddressList`."""
    return [_street(number, row) for number, row in enumerate(_lines(text), 2)]


@atomic
def load_addresses(*, by: Actor, streets: Iterable[NumberedStreet]) -> int:
    """Replace the list of addresses; how many there are now."""
    by.require("services.publish_forms")
    rows = [
        StreetAddress(
            street=street.street,
            number=str(number),
            postcode=street.postcode,
            place=street.place,
            search_key=address_key(f"{street.street} {number}"),
        )
        for street in streets
        for number in range(street.first, street.last + 1)
    ]
    StreetAddress.objects.all().delete()
    StreetAddress.objects.bulk_create(rows, batch_size=2000)
    record(by=by, did="services.addresses_loaded", thing_type="addresses", thing_id=len(rows))
    return len(rows)


@atomic
def choose_address(*, knock: Knock, draft: UUID, path: str, address: int) -> None:
    """Take an address of the list over into the answer at `path`. Raises `NotFound`."""
    row = locked(knock, draft)
    form = compiled(row.version.sha256)
    place = form.outline.by_id.get(identifier_of(path))
    chosen = StreetAddress.objects.filter(pk=address).first()
    visible = form.evaluate(row.answers, today=today()).visible
    if chosen is None or place is None or place.field.type != "address" or path not in visible:
        raise NotFound
    _, window = row.page_marks.get(place.page.id, [0, ""])
    answer: dict[str, JsonValue] = {
        "street": chosen.street,
        "number": chosen.number,
        "door": "",
        "postcode": chosen.postcode,
        "place": chosen.place,
        "listed": True,
    }
    answers = with_answer_at(row.answers, path, answer)
    keep_answers(row, answers, place.page.id, window=window)


def _lines(text: str) -> Iterator[dict[str, str]]:
    return csv.DictReader(StringIO(text), delimiter=";")


def _street(number: int, row: dict[str, str]) -> NumberedStreet:
    try:
        first, last = int(row["first"]), int(row["last"])
        return NumberedStreet(row["postcode"], row["place"], row["street"], first, last)
    except (KeyError, TypeError, ValueError) as error:
        raise BadAddressList(
            _("Zeile %(line)s der Adressliste ist keine Straße mit Nummern.") % {"line": number}
        ) from error
