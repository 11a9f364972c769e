"""The city's list of addresses: what is like what somebody types, and what is really in it."""

import re
from collections.abc import Iterator, Mapping

from django.db.models import Q
from django.db.models.functions import Length
from pydantic import JsonValue

from rathaus.services.address_key import address_key
from rathaus.services.forms.fields import Group
from rathaus.services.forms.outline import Outline
from rathaus.services.forms.posting import rows_of
from rathaus.services.models import StreetAddress

MOST = 8
Answers = dict[str, JsonValue]


def addresses_like(text: str) -> list[StreetAddress]:
    """The city's addresses whose words begin like these, at most eight, in the order of the street:
    "linden 3" finds Lindengasse 3.
    """
    words = address_key(text).split()
    if not words:
        return []
    in_order = r"^" + r"\S* ".join(re.escape(word) for word in words)
    rows = StreetAddress.objects.filter(search_key__startswith=words[0], search_key__regex=in_order)
    return list(rows.order_by("street", Length("number"), "number")[:MOST])


def with_listing(outline: Outline, answers: Answers) -> Answers:
    """The answers, each address marked by whether the city's list knows it; one query for all."""
    given = list(_addresses(outline, answers))
    if not given:
        return answers
    known = _known({_key(address) for address in given})
    return {
        identifier: _marked(outline, identifier, answer, known)
        for identifier, answer in answers.items()
    }


def _marked(outline: Outline, name: str, answer: JsonValue, known: set[str]) -> JsonValue:
    field = outline.by_id[name].field
    if isinstance(field, Group):
        return [
            {inner: _marked(outline, inner, value, known) for inner, value in row.items()}
            for row in rows_of(answer)
        ]
    if field.type == "address" and isinstance(answer, dict):
        return {**answer, "listed": _key(answer) in known}
    return answer


def _addresses(outline: Outline, answers: Mapping[str, JsonValue]) -> Iterator[Answers]:
    for name, answer in answers.items():
        field = outline.by_id[name].field
        if isinstance(field, Group):
            for row in rows_of(answer):
                yield from _addresses(outline, row)
        elif field.type == "address" and isinstance(answer, dict):
            yield answer


def _key(address: Mapping[str, JsonValue]) -> str:
    street = address_key(f"{address.get('street') or ''} {address.get('number') or ''}")
    return f"{address.get('postcode') or ''} {street}"


def _known(keys: set[str]) -> set[str]:
    wanted = Q(pk__in=())
    for key in keys:
        postcode, _, street = key.partition(" ")
        wanted |= Q(postcode=postcode, search_key=street)
    rows = StreetAddress.objects.filter(wanted).values_list("postcode", "search_key")
    return {f"{postcode} {street}" for postcode, street in rows}
