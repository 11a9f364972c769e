"""Which rights a role holds, and what the groups of the city's directory stand for."""

from collections.abc import Collection, Mapping

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from rathaus.accounts.actions.safeguards import (
    OwnRights,
    department_of,
    hold_still,
    keep_an_administrator,
    require_manager,
    role_of,
)
from rathaus.accounts.models import GroupGrant, Membership, Role
from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.domain import all_rights
from rathaus.core.errors import Conflict, Invalid, NotFound
from rathaus.core.transaction import atomic


class RoleExists(Conflict):
    """Two roles of one name would be mistaken for each other."""

    message = _("Eine Rolle mit diesem Namen gibt es schon.")


class RoleUnnamed(Invalid):
    """Nothing of the name can stand in an address."""

    message = _("Bitte geben Sie einen Namen mit Buchstaben oder Ziffern ein.")


class UnknownRight(Invalid):
    """No domain knows such a right."""

    message = _("Dieses Recht gibt es nicht.")


@atomic
def add_role(*, by: Actor, name: Mapping[str, str], rights: Collection[str], why: str) -> Role:
    """A new role, which nobody holds yet.

    Raises `RoleExists`, `RoleUnnamed`, `UnknownRight`, `NotAllowed`.
    """
    require_manager(by, None, why, did="accounts.role_added")
    _check_rights(rights)
    slug = slugify(name["de"])[: Role._meta.get_field("slug").max_length]
    if not slug:
        raise RoleUnnamed
    try:
        with transaction.atomic():
            role = Role.objects.create(slug=slug, name=dict(name), rights=sorted(rights))
    except IntegrityError as error:
        raise RoleExists from error
    record(by=by, did="accounts.role_added", on=role, why=why, details={"rights": role.rights})
    return role


@atomic
def change_rights(*, by: Actor, role: int, rights: Collection[str], why: str) -> None:
    """Give a role exactly these rights; whoever holds it has them with their next click.

    Raises `OwnRights` for adding rights to a role of one's own, `LastAdministrator` if nobody could
    administer any more.
    """
    require_manager(by, None, why, did="accounts.rights_changed")
    _check_rights(rights)
    hold_still()
    found = role_of(role)
    before, after = set(found.rights), set(rights)
    if after - before and Membership.objects.filter(role=found, person=by.person).exists():
        raise OwnRights
    found.rights = sorted(after)
    found.save(update_fields=["rights"])
    keep_an_administrator()
    change = {"added": sorted(after - before), "removed": sorted(before - after)}
    record(by=by, did="accounts.rights_changed", on=found, why=why, details=change)


@atomic
def grant_to_group(
    *, by: Actor, group: str, role: int, department: int | None, why: str
) -> GroupGrant:
    """Let a group of the directory stand for a role, from the next sign-in of its members on.

    Raises `OwnRights` for whoever has roles from the directory: it could be their own group.
    """
    _require_no_directory_roles(by, why, did="accounts.group_granted")
    grant, _made = GroupGrant.objects.get_or_create(
        group=group.strip(), role=role_of(role), department=department_of(department)
    )
    record(by=by, did="accounts.group_granted", on=grant, why=why, details={"group": grant.group})
    return grant


@atomic
def withdraw_from_group(*, by: Actor, grant: int, why: str) -> None:
    """Let a group stand for a role no longer."""
    _require_no_directory_roles(by, why, did="accounts.group_withdrawn")
    found = GroupGrant.objects.filter(pk=grant).first()
    if found is None:
        raise NotFound
    record(by=by, did="accounts.group_withdrawn", on=found, why=why, details={"group": found.group})
    found.delete()


def _check_rights(rights: Collection[str]) -> None:
    if set(rights) - {right.name for right in all_rights()}:
        raise UnknownRight


def _require_no_directory_roles(by: Actor, why: str, *, did: str) -> None:
    require_manager(by, None, why, did=did)
    if Membership.objects.filter(person=by.person, from_directory=True).exists():
        raise OwnRights
