"""Every address of the house with real rows in it, from the URL resolver and the demo's data."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.apps import apps
from django.db import models
from django.urls import URLResolver, get_resolver

from rathaus.accounts.access import Access
from rathaus.audit.personal import PersonalModel

PARAMETER = re.compile("<([a-z]+):([a-z_]+)>")
# What a parameter of an address stands for: its converter and name, and the column of the model.
MODELS = {
    ("uuid", "case"): ("cases.Case", "pk"),
    ("int", "file"): ("cases.CaseFile", "pk"),
    ("uuid", "file"): ("core.StoredFile", "pk"),
    ("uuid", "payment"): ("payments.Payment", "pk"),
    ("int", "desk"): ("payments.CashDesk", "pk"),
    ("uuid", "draft"): ("services.Draft", "pk"),
    ("uuid", "booking"): ("appointments.Booking", "pk"),
    ("uuid", "entry"): ("appointments.WaitlistEntry", "pk"),
    ("reference", "reference"): ("payments.Claim", "reference"),
    ("uuid", "claim"): ("payments.Claim", "pk"),
    ("uuid", "receipt"): ("payments.Receipt", "pk"),
    ("uuid", "refund"): ("payments.Refund", "pk"),
    ("uuid", "levy"): ("payments.Levy", "pk"),
    ("int", "levy_year"): ("payments.LevyYear", "pk"),
    ("uuid", "deposit"): ("payments.Deposit", "pk"),
    ("int", "reminder"): ("payments.Reminder", "pk"),
    ("int", "account"): ("payments.Account", "pk"),
    ("int", "export"): ("payments.Export", "pk"),
    ("int", "transfer"): ("payments.Transfer", "pk"),
    ("uuid", "bank_file"): ("payments.BankFile", "pk"),
    ("int", "movement"): ("payments.BankMovement", "pk"),
    ("uuid", "person"): ("accounts.Person", "pk"),
    ("int", "membership"): ("accounts.Membership", "pk"),
    ("int", "grant"): ("accounts.GroupGrant", "pk"),
    ("int", "group"): ("services.Synonym", "pk"),
    ("int", "miss"): ("services.SearchMiss", "pk"),
    ("int", "budget"): ("services.GrantBudget", "pk"),
    ("int", "seq"): ("audit.Entry", "pk"),
    ("uuid", "mail"): ("core.OutgoingMail", "pk"),
    ("slug", "form"): ("services.FormVersion", "form"),
    ("slug", "location"): ("appointments.Location", "slug"),
}
# Words that the house itself gives out, and strings that are keys of nothing.
WORDS: dict[tuple[str, str], list[Any]] = {
    ("slug", "slug"): ["hund-anmelden", "wohnen", "sachbearbeitung"],
    ("slug", "deed"): ["sperren", "entsperren", "abmelden"],
    ("str", "page"): ["1", "hund"],
    ("str", "exit"): ["zu-jung"],
    ("str", "token"): ["0" * 43],
    ("str", "key"): ["0"],
    ("str", "step"): ["naechste", "pause", "schliessen", "hilfe"],
    ("int", "number"): [1],
    ("int", "old"): [1],
    ("int", "new"): [1],
    ("int", "pk"): [1],
}


@dataclass(frozen=True)
class Route:
    """A pattern of the resolver: its address, its mark and the parameters it takes."""

    pattern: str
    access: Access | None
    parameters: tuple[tuple[str, str], ...]

    @property
    def is_ours(self) -> bool:
        """Whether the page says for whom it is; libraries' pages and plain files do not."""
        return self.access is not None

    @property
    def shows_a_personal_row(self) -> bool:
        """Whether the address names a row about somebody."""
        return any(issubclass(model, PersonalModel) for model in self._models())

    def addresses(self, *, each: int) -> Iterator[str]:
        """The address with up to `each` values for each parameter, read from the database."""
        for values in product(*(values_of(parameter)[:each] for parameter in self.parameters)):
            address = self.pattern
            for (converter, name), value in zip(self.parameters, values, strict=True):
                address = address.replace(f"<{converter}:{name}>", str(value))
            yield f"/{address}"

    def _models(self) -> Iterator[type[models.Model]]:
        for parameter in self.parameters:
            if parameter in MODELS:
                yield apps.get_model(MODELS[parameter][0])


def values_of(parameter: tuple[str, str]) -> list[Any]:
    """What may stand for a parameter; a new one must be told here. Raises `KeyError`."""
    if parameter not in MODELS:
        return WORDS[parameter]
    label, column = MODELS[parameter]
    rows = apps.get_model(label)._base_manager.order_by("pk")
    return list(dict.fromkeys(rows.values_list(column, flat=True)))


def every_route() -> list[Route]:
    """All routes that a view of the house answers."""
    return list(_below(get_resolver(), ""))


def _below(resolver: URLResolver, before: str) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _below(pattern, address)
        else:
            yield Route(address, getattr(pattern.callback, "access", None), parameters_of(address))


def parameters_of(address: str) -> tuple[tuple[str, str], ...]:
    """The converter and name of each parameter in a pattern."""
    return tuple(PARAMETER.findall(address))
