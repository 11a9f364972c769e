"""Roles, their rights, and the groups of the city's directory."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from rathaus.accounts import actions, queries
from rathaus.accounts.access import Request, staff_page
from rathaus.accounts.administration import MANAGE, may_manage
from rathaus.accounts.confirmation import after_confirmation
from rathaus.accounts.forms import GroupForm, ReasonForm, RightsForm, RoleForm


@staff_page(MANAGE)
def roles(request: Request) -> HttpResponse:
    """All roles."""
    return render(request, "accounts/roles.html", {"roles": queries.roles(by=request.actor)})


@staff_page(MANAGE)
@after_confirmation
def add(request: Request) -> HttpResponse:
    """A new role."""
    form = RoleForm(request.POST or None)
    if form.is_valid():
        try:
            actions.add_role(
                by=request.actor,
                name={"de": form.cleaned_data["name"]},
                rights=form.cleaned_data["rights"],
                why=form.cleaned_data["why"],
            )
        except (actions.RoleExists, actions.RoleUnnamed) as error:
            form.add_error("name", str(error.message))
        else:
            messages.success(request, _("Die Rolle ist angelegt."))
            return redirect("accounts:roles")
    return render(request, "accounts/add_role.html", {"form": form})


@staff_page(MANAGE)
@after_confirmation
def role(request: Request, slug: str) -> HttpResponse:
    """The rights of one role."""
    found = queries.role(by=request.actor, slug=slug)
    form = RightsForm(request.POST or None, initial={"rights": found.rights})
    if form.is_valid():
        actions.change_rights(
            by=request.actor,
            role=found.pk,
            rights=form.cleaned_data["rights"],
            why=form.cleaned_data["why"],
        )
        messages.success(request, _("Die Rechte sind geändert."))
        return redirect("accounts:roles")
    return render(request, "accounts/role.html", {"form": form, "role": found})


@staff_page(MANAGE)
@after_confirmation
def groups(request: Request) -> HttpResponse:
    """What the groups of the directory stand for."""
    form = GroupForm(
        request.POST or None,
        roles=queries.roles(by=request.actor),
        departments=queries.managed_departments(by=request.actor),
        everywhere=may_manage(request.actor, None),
    )
    if form.is_valid():
        actions.grant_to_group(by=request.actor, group=form.cleaned_data["group"], **form.place)
        messages.success(request, _("Die Gruppe ist zugeordnet."))
        return redirect("accounts:groups")
    details = {"form": form, "grants": queries.group_grants(by=request.actor)}
    return render(request, "accounts/groups.html", details)


@staff_page(MANAGE)
@after_confirmation
def withdraw(request: Request, grant: int) -> HttpResponse:
    """A group stands for a role no longer."""
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        actions.withdraw_from_group(by=request.actor, grant=grant, why=form.cleaned_data["why"])
        messages.success(request, _("Die Zuordnung ist aufgehoben."))
        return redirect("accounts:groups")
    return render(request, "accounts/withdraw_group.html", {"form": form})
