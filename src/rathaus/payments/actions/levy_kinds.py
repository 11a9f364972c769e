"""Takes what the city levies each year into the house."""

from django.utils.translation import gettext_lazy as _

from rathaus.accounts.queries import departments as all_departments
from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.errors import Conflict
from rathaus.core.transaction import atomic
from rathaus.payments.levy_kinds import LevyEntry, parse_levies
from rathaus.payments.models import Levy, LevyKind


class RateInUse(Conflict):
    """Somebody pays by a rate that the new document does not know."""

    message = _("Ein Tarif, nach dem jemand zahlt, darf nicht wegfallen.")


@atomic
def install_levies(*, by: Actor, text: str) -> list[str]:
    """Install or change the levies of a YAML text; their names. What is not named stays.

    Years that are raised keep the tariff by which they were. Raises `NotAllowed` without
    `payments.close`, `BadDocument` with line and reason, and `RateInUse`; nothing changes then.
    """
    by.require("payments.close")
    known = {department.slug: department.pk for department in all_departments()}
    entries = parse_levies(text, departments=known.keys())
    for entry in entries:
        _install(entry, known[entry.department])
    slugs = [entry.slug for entry in entries]
    record(
        by=by,
        did="payments.levies_installed",
        thing_type="levykind",
        thing_id=", ".join(slugs)[:120],
    )
    return slugs


def _install(entry: LevyEntry, department: int) -> None:
    kind, _is_new = LevyKind.objects.update_or_create(
        slug=entry.slug,
        defaults={
            "prefix": entry.number_prefix,
            "department_id": department,
            "document": entry.model_dump(mode="json", exclude_none=True),
        },
    )
    known = {rate.slug for rate in entry.rates}
    used = set(Levy.objects.filter(kind=kind).values_list("rate", flat=True).distinct())
    if not used <= known:
        raise RateInUse
