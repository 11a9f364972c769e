"""The registry of domains: core asks everyone and knows no one.

A domain registers itself in `AppConfig.ready`. Menus, rights, the personal data export, health
probes and dashboard cards are collected from here.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest
from django.utils.functional import Promise

from rathaus.core.actor import Actor
from rathaus.core.localized import Localized

Text = str | Promise


@dataclass(frozen=True)
class Right:
    """Something a role may allow, named `<domain>.<verb>`."""

    name: str
    label: Text


@dataclass(frozen=True)
class MenuItem:
    """A link in the portal's or the workspace's menu; `right` hides it from those who may not,
    `private` from staff, to whom it would show nothing.
    """

    label: Text
    url_name: str
    icon: str = ""
    right: str = ""
    order: int = 100
    private: bool = False


@dataclass(frozen=True)
class DashboardCard:
    """A figure with a link on the start page of the workspace."""

    label: Text
    value: str
    url: str
    tone: str = "neutral"
    note: Text = ""


@dataclass(frozen=True)
class ExportSection:
    """A part of what a citizen gets when asking for all data about them: rows of plain values."""

    title: Text
    rows: Sequence[Mapping[str, object]]


@dataclass(frozen=True)
class Health:
    """One probe: whether all is well, and a sentence that says more.

    `ok` is None where nobody can say; `instead` is then the word for it ("nicht eingerichtet").
    """

    name: str
    ok: bool | None
    message: Text
    instead: Text = ""


@dataclass(frozen=True)
class CaseFact:
    """A line that a domain adds to the page of a case: a fee, an appointment, a ticket.

    `address` is where this reader can do something about it, `deed` says what.
    """

    label: Text
    value: str
    note: Text = ""
    address: str = ""
    deed: Text = ""


@dataclass(frozen=True)
class NextStep:
    """What an applicant still does, or has done, in a case: pay its fee, book an appointment.

    `address` leads to where it is done, said by `action`; both are empty where there is nothing to
    do (yet), and `note` says why. Steps are shown by `order`.
    """

    label: Text
    note: Text = ""
    action: Text = ""
    address: str = ""
    done: bool = False
    order: int = 100


@dataclass(frozen=True)
class CaseAhead:
    """A case of one's own as another page leads back to it, with what is done and to do in it."""

    number: str
    title: str
    address: str
    steps: Sequence[NextStep]


@dataclass(frozen=True)
class ServiceFact:
    """A line that a domain adds to the page of a service, for everybody: the next free time at a
    counter, how long one waits there now. `address` is where people go on, said by `action`.
    """

    label: Text
    value: str
    note: str = ""
    address: str = ""
    action: Text = ""


@dataclass(frozen=True)
class OwnMatter:
    """A case as its applicant knows it: what it is called, and where they find it."""

    title: str
    address: str


@dataclass(frozen=True)
class Applicant:
    """Whose case it is: their account, the name in the case, and the department that has it."""

    person: UUID
    name: str
    department: int


@dataclass(frozen=True)
class BegunMatter:
    """Something that a citizen has begun and not yet sent."""

    title: Localized
    address: str
    saved_at: datetime


@dataclass(frozen=True)
class Matter:
    """Something of a person that can go over to another account of theirs.

    `reference` is the name by which all domains know it; `number` is what people call it, and
    `name` who applies according to the answers, where nobody has proved it.
    """

    reference: str
    title: str
    since: date
    number: str = ""
    name: str = ""


@dataclass(frozen=True)
class LiveNotice:
    """What stands at the top of every page of the workspace as soon as there is something.

    For those who hold `right`. `shown` gives it as HTML, `part` (the name of an address) answers
    with the same, and `line` tells browsers when it changes.
    """

    right: str
    line: str
    part: str
    shown: Callable[[HttpRequest], str]


@dataclass(frozen=True)
class Domain:
    """Everything the rest of the house may ask of a domain."""

    slug: str
    name: Text
    icon: str = ""
    rights: tuple[Right, ...] = ()
    citizen_menu: tuple[MenuItem, ...] = ()
    staff_menu: tuple[MenuItem, ...] = ()
    live_notices: tuple[LiveNotice, ...] = ()
    # What the audit trail tells citizens, by the entry's `did`:
    # {"cases.decided": _("Ihr Antrag wurde entschieden")}.
    deeds: Mapping[str, Text] = field(default_factory=dict)
    dashboard: Callable[[Actor], Iterable[DashboardCard]] | None = None
    personal_data: Callable[[UUID], Iterable[ExportSection]] | None = None
    erase: Callable[[UUID], None] | None = None
    health: Callable[[], Iterable[Health]] | None = None
    # Where the subject of a case can be corrected by its applicant:
    # (kind of case, case id) -> address, or None.
    amend_address: Callable[[str, UUID], str | None] | None = None
    # What else belongs to the case of that number, for this reader.
    case_facts: Callable[[Actor, str], Iterable[CaseFact]] | None = None
    # What the applicant does next in the case of that number, or has done.
    next_steps: Callable[[Actor, str], Iterable[NextStep]] | None = None
    # What there is for the service of that slug.
    service_facts: Callable[[str], Iterable[ServiceFact]] | None = None
    # Where this member of staff finds the case of that number; empty where they may not see it.
    case_address: Callable[[Actor, str], str] | None = None
    # Whose the case of that number is, for this member of staff; None where they may not see it.
    applicant: Callable[[Actor, str], Applicant | None] | None = None
    begun: Callable[[Actor], Iterable[BegunMatter]] | None = None
    # The cases of these numbers that are this citizen's own, by their number.
    own_matters: Callable[[Actor, Collection[str]], Mapping[str, OwnMatter]] | None = None
    # What a member of staff has in hand and nobody would see without them, by number.
    in_hand: Callable[[UUID], Iterable[str]] | None = None
    # Everything that a person has here, each thing once.
    matters: Callable[[UUID], Iterable[Matter]] | None = None


_domains: dict[str, Domain] = {}


def register(domain: Domain) -> None:
    """Add a domain, or replace it when the application registry is populated again."""
    _domains[domain.slug] = domain


def domains() -> tuple[Domain, ...]:
    """All domains in the order of their registration."""
    return tuple(_domains.values())


def all_rights() -> tuple[Right, ...]:
    """Every right that any domain knows; roles may hold no others."""
    return tuple(right for domain in domains() for right in domain.rights)


def case_facts(reader: Actor, number: str) -> list[CaseFact]:
    """What all domains know about the case of that number."""
    return [
        fact
        for domain in domains()
        if domain.case_facts
        for fact in domain.case_facts(reader, number)
    ]


def next_steps(applicant: Actor, number: str) -> list[NextStep]:
    """What an applicant still does, or has done, in the case of that number, in order."""
    found = [
        step
        for domain in domains()
        if domain.next_steps
        for step in domain.next_steps(applicant, number)
    ]
    return sorted(found, key=lambda step: step.order)


def still_to_do(steps: Iterable[NextStep]) -> bool:
    """Whether one of the steps can be taken now; what waits for a decision cannot."""
    return any(step.address and not step.done for step in steps)


def cases_ahead(applicant: Actor, numbers: Iterable[str]) -> list[CaseAhead]:
    """Those of the cases with these numbers that are the applicant's own, in this order."""
    asked = list(dict.fromkeys(number for number in numbers if number))
    own = own_matters(applicant, asked) if asked and applicant.is_citizen else {}
    return [
        CaseAhead(number, own[number].title, own[number].address, next_steps(applicant, number))
        for number in asked
        if number in own
    ]


def service_facts(service: str) -> list[ServiceFact]:
    """What all domains have for the service of that slug."""
    return [
        fact
        for domain in domains()
        if domain.service_facts
        for fact in domain.service_facts(service)
    ]


def case_address(reader: Actor, number: str) -> str:
    """The page of the case of that number, if this member of staff may see it; else empty."""
    found = (domain.case_address(reader, number) for domain in domains() if domain.case_address)
    return next(filter(None, found), "")


def applicant_of(reader: Actor, number: str) -> Applicant | None:
    """Whose the case of that number is, if this member of staff may see it."""
    found = (domain.applicant(reader, number) for domain in domains() if domain.applicant)
    return next(filter(None, found), None)


def begun_matters(citizen: Actor) -> list[BegunMatter]:
    """What a citizen has begun anywhere, the newest first."""
    found = [matter for domain in domains() if domain.begun for matter in domain.begun(citizen)]
    return sorted(found, key=lambda matter: matter.saved_at, reverse=True)


def own_matters(citizen: Actor, numbers: Collection[str]) -> dict[str, OwnMatter]:
    """Those of the cases with these numbers that are the citizen's own, by their number."""
    return {
        number: matter
        for domain in domains()
        if domain.own_matters
        for number, matter in domain.own_matters(citizen, numbers).items()
    }


def work_in_hand(person: UUID) -> list[str]:
    """What a member of staff has in hand in all domains, by number."""
    return [number for domain in domains() if domain.in_hand for number in domain.in_hand(person)]


def matters_of(person: UUID) -> list[Matter]:
    """What a person has in all domains, the oldest first.

    A matter that several domains know is told once, by the one that has a number for it.
    """
    found: dict[str, Matter] = {}
    for matter in (one for domain in domains() if domain.matters for one in domain.matters(person)):
        if matter.number or matter.reference not in found:
            found[matter.reference] = matter
    return sorted(found.values(), key=lambda matter: (matter.since, matter.reference))


def staff_menu(actor: Actor) -> list[MenuItem]:
    """The menu of the workspace, without what this person may not open."""
    return _sorted(
        item
        for domain in domains()
        for item in domain.staff_menu
        if not item.right or actor.may(item.right)
    )


def live_notices(actor: Actor) -> list[LiveNotice]:
    """The notices of all domains that concern this member of staff."""
    return [
        notice
        for domain in domains()
        for notice in domain.live_notices
        if actor.is_staff and actor.may(notice.right)
    ]


def citizen_menu(actor: Actor) -> list[MenuItem]:
    """The menu of the portal, without what this person may not open."""
    return _sorted(
        item
        for domain in domains()
        for item in domain.citizen_menu
        if not (item.private and actor.is_staff)
    )


def _sorted(items: Iterable[MenuItem]) -> list[MenuItem]:
    return sorted(items, key=lambda item: (item.order, item.url_name))
