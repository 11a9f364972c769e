"""What tests of administration look at afterwards."""

from rathaus.accounts.models import Person
from rathaus.audit.models import Entry


def trail() -> list[tuple[str, str]]:
    return list(Entry.objects.order_by("seq").values_list("did", "why"))


def places(person: Person) -> set[tuple[str, str | None]]:
    held = person.memberships.select_related("role", "department")
    return {(one.role.slug, one.department.slug if one.department else None) for one in held}
