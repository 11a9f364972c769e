"""Founding a city: its name and look, its departments, its roles, as its file describes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Model

from rathaus.accounts.actions.establishing import require_everywhere
from rathaus.accounts.actions.safeguards import (
    administrators,
    hold_still,
    keep_an_administrator,
)
from rathaus.accounts.city_document import CityDocument
from rathaus.accounts.models import Department, Role
from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.city import install_city
from rathaus.core.documents.taken import Taken
from rathaus.core.transaction import atomic


@dataclass
class CityReport:
    """What founding did: fields of the city that changed, and the rest kind by kind.

    `rights` holds added and removed rights of each role that was there already; `left` names what
    the house has and the file does not mention.
    """

    city: list[str] = field(default_factory=list)
    departments: Taken = field(default_factory=Taken)
    roles: Taken = field(default_factory=Taken)
    rights: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)

    @property
    def changed_anything(self) -> bool:
        """False where the house was like this before."""
        taken = (self.departments, self.roles)
        return bool(self.city) or any(kind.new or kind.changed for kind in taken)


@atomic
def found_city(*, by: Actor, document: CityDocument, crest: str) -> CityReport:
    """Make the city, or bring it to how it is described; the same a second time changes nothing.

    What the document does not name stays. Raises `NotAllowed`, and `LastAdministrator` where nobody
    could let others in any more; nothing has changed then.
    """
    require_everywhere(by)
    hold_still()
    administered = administrators().exists()
    report = CityReport(city=install_city(_values(document, crest)))
    for department in document.departments:
        values = {**department.model_dump(), "name": department.name.plain()}
        _take(Department(slug=department.slug), values, report.departments)
    for role in document.roles:
        _note_rights(role.slug, set(role.rights), report)
        values = {"name": role.name.plain(), "rights": sorted(role.rights)}
        _take(Role(slug=role.slug), values, report.roles)
    report.left = [*_unnamed(Department, document), *_unnamed(Role, document)]
    if administered:
        keep_an_administrator()
    if report.changed_anything:
        record(by=by, did="accounts.city_founded", thing_type="city", details=_details(report))
    return report


def _values(document: CityDocument, crest: str) -> Mapping[str, object]:
    plain = {"name", "authority", "federal_state", "address", "phone", "email", "website"}
    return {
        **document.model_dump(include=plain),
        "crest": crest,
        "colours": document.colours.plain(),
        "opening_hours": [hours.plain() for hours in document.opening_hours],
        "texts": document.texts.plain(),
    }


def _take(fresh: Department | Role, values: Mapping[str, object], taken: Taken) -> None:
    """Save the row of that slug with these values: a new one, or the one that is there."""
    row = type(fresh).objects.filter(slug=fresh.slug).first()
    if row is None:
        taken.new += 1
        row = fresh
    elif any(getattr(row, name) != value for name, value in values.items()):
        taken.changed += 1
    else:
        taken.same += 1
        return
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


def _note_rights(slug: str, wanted: set[str], report: CityReport) -> None:
    known = Role.objects.filter(slug=slug).first()
    if known is not None and set(known.rights) != wanted:
        held = set(known.rights)
        report.rights[slug] = {"added": sorted(wanted - held), "removed": sorted(held - wanted)}


def _unnamed(model: type[Department] | type[Role], document: CityDocument) -> list[str]:
    entries = document.departments if model is Department else document.roles
    named = [entry.slug for entry in entries]
    rows: list[Model] = list(model.objects.exclude(slug__in=named).order_by("slug"))
    return [f"{model._meta.verbose_name} {row}" for row in rows]


def _details(report: CityReport) -> Mapping[str, object]:
    return {
        "city": report.city,
        "departments": vars(report.departments),
        "roles": vars(report.roles),
        "rights": report.rights,
    }
