"""Administration of staff and roles: who may, and what is refused to everybody."""

from functools import partial
from uuid import uuid4

import pytest
from tests.all_at_once import all_at_once
from tests.factories import make_clerk, make_department

from rathaus.accounts import actions, queries
from rathaus.accounts.administration import MANAGE
from rathaus.accounts.models import GroupGrant, Membership, Person, Role
from rathaus.accounts.queries import actor_of
from rathaus.accounts.tests.administering import places, trail
from rathaus.core.errors import NotAllowed

pytestmark = pytest.mark.django_db

ATTEMPTS = {
    "give_role": lambda by, person, role: actions.give_role(
        by=by, person=person.pk, role=role.pk, department=None, why="x"
    ),
    "take_role": lambda by, person, role: actions.take_role(
        by=by, membership=person.memberships.get().pk, why="x"
    ),
    "deactivate": lambda by, person, role: actions.deactivate(by=by, person=person.pk, why="x"),
    "reactivate": lambda by, person, role: actions.reactivate(by=by, person=person.pk, why="x"),
    "end_sessions": lambda by, person, role: actions.end_sessions(by=by, person=person.pk, why="x"),
    "reset_second_factor": lambda by, person, role: actions.reset_second_factor(
        by=by, person=person.pk, why="x"
    ),
    "add_role": lambda by, person, role: actions.add_role(
        by=by, name={"de": "Neu"}, rights=[], why="x"
    ),
    "change_rights": lambda by, person, role: actions.change_rights(
        by=by, role=role.pk, rights=[MANAGE], why="x"
    ),
    "grant_to_group": lambda by, person, role: actions.grant_to_group(
        by=by, group="alle", role=role.pk, department=None, why="x"
    ),
}


def everything() -> tuple[object, ...]:
    return (
        sorted(Person.objects.values_list("pk", "is_active")),
        sorted(Membership.objects.values_list("pk", flat=True)),
        sorted((role.slug, tuple(role.rights)) for role in Role.objects.all()),
        GroupGrant.objects.count(),
        trail(),
    )


@pytest.mark.parametrize("attempt", ATTEMPTS)
@pytest.mark.parametrize("rights", [(), ("cases.decide", "cases.assign")])
def test_without_the_right_everything_is_refused_and_nothing_changes(
    attempt, rights, colleague, role
):
    clerk = make_clerk(None, *rights)
    before = everything()

    with pytest.raises(NotAllowed):
        ATTEMPTS[attempt](actor_of(clerk), colleague, role)

    assert everything() == before


OWN = ["give_role", "take_role", "deactivate", "end_sessions", "reset_second_factor"]


@pytest.mark.parametrize("attempt", OWN)
def test_nobody_changes_their_own_access(admin, role, attempt):
    make_clerk(None, MANAGE)
    before = everything()

    with pytest.raises(actions.OwnRights):
        ATTEMPTS[attempt](actor_of(admin), admin, role)

    assert everything() == before


def test_nobody_adds_rights_to_a_role_of_their_own(admin):
    own = admin.memberships.get().role

    with pytest.raises(actions.OwnRights):
        actions.change_rights(
            by=actor_of(admin), role=own.pk, rights=[MANAGE, "cases.decide"], why="x"
        )

    own.refresh_from_db()
    assert own.rights == [MANAGE]


def test_who_comes_by_the_directory_does_not_say_what_its_groups_mean(admin, role):
    Membership.objects.filter(person=admin).update(from_directory=True)

    with pytest.raises(actions.OwnRights):
        actions.grant_to_group(
            by=actor_of(admin), group="meine", role=role.pk, department=None, why="x"
        )

    assert GroupGrant.objects.count() == 0


def test_the_last_administrator_stays(admin):
    other = make_clerk(None, MANAGE)
    by_other = actor_of(other)
    actions.deactivate(by=by_other, person=admin.pk, why="Pension")

    system_admin = make_clerk("finanzen", MANAGE)  # administers one department only
    with pytest.raises((actions.LastAdministrator, NotAllowed)):
        actions.deactivate(by=actor_of(system_admin), person=other.pk, why="x")
    with pytest.raises(actions.LastAdministrator):
        actions.change_rights(by=by_other, role=other.memberships.get().role_id, rights=[], why="x")

    other.refresh_from_db()
    assert other.is_active
    assert other.memberships.get().role.rights == [MANAGE]


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_remove_each_other_leave_one():
    first, second = make_clerk(None, MANAGE), make_clerk(None, MANAGE)

    answers = all_at_once(
        partial(actions.deactivate, by=actor_of(first), person=second.pk, why="x"),
        partial(actions.deactivate, by=actor_of(second), person=first.pk, why="x"),
        refusals=(actions.LastAdministrator,),
    )

    assert Person.objects.filter(is_active=True).count() == 1
    assert answers.count(actions.LastAdministrator) == 1


def test_who_administers_one_department_gives_nothing_beyond_it(colleague, role):
    local = make_clerk("finanzen", MANAGE)
    make_clerk(None, MANAGE)
    elsewhere = make_department("bauamt")
    by = actor_of(local)

    actions.give_role(
        by=by, person=colleague.pk, role=role.pk, department=make_department("finanzen").pk, why="x"
    )
    for place in (elsewhere.pk, None):
        with pytest.raises(NotAllowed):
            actions.give_role(by=by, person=colleague.pk, role=role.pk, department=place, why="x")

    assert places(colleague) >= {("leitung", "finanzen")}
    assert not colleague.memberships.exclude(department__slug="finanzen").exists()
    assert {person.pk for person in queries.colleagues(by=by)} == {local.pk, colleague.pk}


def test_only_administrators_of_everything_establish(colleague):
    stranger = actions.PersonRecord(id=uuid4(), kind="staff", email="x@stadt.example")
    for somebody in (colleague, make_clerk("finanzen", MANAGE)):
        with pytest.raises(NotAllowed):
            actions.establish_person(by=actor_of(somebody), person=stranger)

    assert not Person.objects.filter(pk=stranger.id).exists()
