"""Who can do what."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from rathaus.appointments.actions.planning import people as actions
from rathaus.appointments.actions.planning.changing import Decided, stamp_of
from rathaus.appointments.planning_errors import UnknownPlan
from rathaus.appointments.planning_forms import SkillForm, SkillsForm
from rathaus.appointments.queries.planning import rows
from rathaus.appointments.queries.planning.places import planned_people
from rathaus.appointments.views.planning.saving import Page, answer, form_page, list_page
from rathaus.core.access import Request
from rathaus.core.localized import localize


@list_page
def people(request: Request) -> HttpResponse:
    """The people whom somebody plans, and what they can do."""
    context = {"people": rows.colleagues(request.actor), "skills": rows.skills()}
    return render(request, "appointments/planning/people.html", context)


@form_page
def person(request: Request, person: UUID) -> HttpResponse:
    """What one of them can do."""
    name = planned_people(request.actor).get(person)
    if name is None:
        raise UnknownPlan

    def save(form: SkillsForm, decided: Decided) -> None:
        skills = form.cleaned_data["skills"]
        actions.set_skills(
            by=request.actor, person=person, skills=skills, seen=form.seen, decided=decided
        )

    page = Page(
        title=name,
        back=reverse("appointments:planning_people"),
        back_label=_("Fähigkeiten"),
        fresh=lambda: _skills_form(person),
        bound=lambda data: _skills_form(person, data),
        save=save,
        saved=_("Die Fähigkeiten sind gespeichert."),
        label=_("Speichern"),
    )
    return answer(request, page)


@form_page
def new_skill(request: Request) -> HttpResponse:
    """Name something that one can be able to do."""

    def save(form: SkillForm, decided: Decided) -> None:
        actions.save_skill(by=request.actor, name=form.name())

    page = Page(
        title=_("Fähigkeit hinzufügen"),
        back=reverse("appointments:planning_people"),
        back_label=_("Fähigkeiten"),
        fresh=SkillForm,
        bound=SkillForm,
        save=save,
        saved=_("Die Fähigkeit ist eingetragen."),
        label=_("Eintragen"),
    )
    return answer(request, page)


@form_page
def skill(request: Request, skill: int) -> HttpResponse:
    """Call a skill otherwise."""
    row = rows.one_skill(skill)

    def save(form: SkillForm, decided: Decided) -> None:
        actions.save_skill(by=request.actor, name=form.name(), skill=skill, seen=form.seen)

    def fresh() -> SkillForm:
        now = rows.one_skill(skill)
        name = {"name_de": now.name.get("de", ""), "name_en": now.name.get("en", "")}
        return SkillForm(initial={**name, "stand": stamp_of(now)})

    page = Page(
        title=localize(row.name),
        back=reverse("appointments:planning_people"),
        back_label=_("Fähigkeiten"),
        fresh=fresh,
        bound=SkillForm,
        save=save,
        saved=_("Die Fähigkeit ist geändert."),
        label=_("Speichern"),
    )
    return answer(request, page)


def _skills_form(person: UUID, data: QueryDict | None = None) -> SkillsForm:
    held = rows.skills_of(person)
    initial = {"skills": [row.skill_id for row in held], "stand": stamp_of(*held)}
    form = SkillsForm(data, initial=initial)
    form.choose("skills", [(row.pk, localize(row.name)) for row in rows.skills()], ask=False)
    return form
