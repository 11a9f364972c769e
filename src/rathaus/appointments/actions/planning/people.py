"""What there is to be able to do, and who can do it."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.utils.text import slugify

from rathaus.appointments.actions.planning.changing import (
    NOTHING,
    Decided,
    alone,
    require_unchanged,
    watched,
)
from rathaus.appointments.models import Skill, StaffSkill
from rathaus.appointments.planning_errors import SkillExists, UnknownPlan
from rathaus.appointments.queries.planning.places import (
    PLAN,
    locations_of_people,
    planned_people,
)
from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.localized import Localized
from rathaus.core.transaction import atomic

LONGEST_SLUG = 50


@atomic
def save_skill(*, by: Actor, name: Localized, skill: int | None = None, seen: str = "") -> int:
    """Name something that one must be able to do, or call it otherwise; its number.

    Raises `NotAllowed`, `SkillExists`, `UnknownPlan`, `PlanChanged`.
    """
    by.require(PLAN)
    alone()
    row = Skill() if skill is None else Skill.objects.filter(pk=skill).first()
    if row is None:
        raise UnknownPlan
    if skill is not None:
        require_unchanged(seen, row)
    others = Skill.objects.exclude(pk=row.pk)
    if any(other.name.get("de", "").casefold() == name["de"].casefold() for other in others):
        raise SkillExists
    row.name = dict(name)
    row.slug = row.slug or _slug_of(name["de"])
    row.save()
    record(by=by, did="appointments.skill_saved", on=row, details={"name": row.name["de"]})
    return row.pk


@atomic
def set_skills(
    *,
    by: Actor,
    person: UUID,
    skills: Collection[int],
    seen: str,
    decided: Decided = NOTHING,
) -> None:
    """Let somebody be able to do exactly this.

    Raises `UnknownPlan` for people whom the actor does not plan, `PlanChanged`, `AppointmentsHit`.
    """
    alone()
    if person not in planned_people(by):
        raise UnknownPlan
    held = list(StaffSkill.objects.filter(person_id=person).order_by("pk"))
    require_unchanged(seen, *held)
    wanted = set(Skill.objects.filter(pk__in=list(skills)).values_list("pk", flat=True))
    before = {row.skill_id for row in held}
    with watched(by, locations_of_people([person]), decided):
        StaffSkill.objects.filter(person_id=person).exclude(skill_id__in=wanted).delete()
        StaffSkill.objects.bulk_create(
            StaffSkill(person_id=person, skill_id=skill) for skill in sorted(wanted - before)
        )
    change = {"added": sorted(wanted - before), "removed": sorted(before - wanted)}
    record(
        by=by,
        did="appointments.skills_set",
        thing_type="person",
        thing_id=person,
        details=change,
    )


def _slug_of(name: str) -> str:
    """A short name that nothing has yet."""
    base = slugify(name)[: LONGEST_SLUG - 4] or "skill"
    taken = set(Skill.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    numbers = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (base, *numbers) if slug not in taken)
