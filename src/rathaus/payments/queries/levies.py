"""Levies as pages show them; always starts from what this person may see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rathaus.core.actor import Actor
from rathaus.core.clock import today
from rathaus.core.errors import NotFound
from rathaus.core.localized import Localized
from rathaus.core.models import StoredFile
from rathaus.core.money import Money
from rathaus.payments.levies import next_expected
from rathaus.payments.levy_kinds import LevyEntry
from rathaus.payments.models import Claim, Levy, LevyKind, LevyYear
from rathaus.payments.models.levies import LevyQuerySet
from rathaus.payments.queries.claims import ClaimRow, row_of

PAGE_SIZE = 50
MOST_LETTERS = 100
RUNNING, EXEMPT, ENDED = "running", "exempt", "ended"
STATES = {RUNNING: _("laufend"), EXEMPT: _("befreit"), ENDED: _("beendet")}
TONES = {RUNNING: "success", EXEMPT: "info", ENDED: "neutral"}


@dataclass(frozen=True)
class LevyFilter:
    """What somebody wants to see; empty values do not filter."""

    words: str = ""
    kind: str = ""
    state: str = RUNNING


@dataclass(frozen=True)
class Expected:
    """What comes next, as far as the tariff of today tells."""

    due_on: date
    amount: Money


@dataclass(frozen=True)
class LevyRow:
    """A levy as a list shows it."""

    levy: UUID
    number: str
    name: Localized
    about_label: Localized
    about: str
    rate: Localized
    debtor: UUID
    debtor_name: str
    begins_on: date
    ends_on: date | None
    state: str
    expected: Expected | None

    @property
    def state_label(self) -> str:
        """How people say where it stands."""
        return str(STATES[self.state])

    @property
    def tone(self) -> str:
        """The colour of its state."""
        return TONES[self.state]


@dataclass(frozen=True)
class LevyYearRow:
    """One year of a levy with its claims; `surplus` was paid and is not owed."""

    number: int
    year: int
    amount: Money
    yearly: Money
    claims: Sequence[ClaimRow]
    surplus: Money
    has_letter: bool

    @property
    def paid(self) -> Money:
        """What the city got for it and still has."""
        return Money(sum(claim.kept.cents for claim in self.claims))


@dataclass(frozen=True)
class LevyStepRow:
    """A line of the history."""

    deed: str
    year: int | None
    why: str
    by_name: str
    at: datetime


@dataclass(frozen=True)
class LevyView:
    """One levy with everything about it."""

    row: LevyRow
    matter: str
    rate_slug: str
    rates: Sequence[tuple[str, Localized]]
    exempt_from: int | None
    exempt_until: int | None
    exempt_why: str
    years: Sequence[LevyYearRow]
    steps: Sequence[LevyStepRow]

    @property
    def has_surplus(self) -> bool:
        """Whether more was paid for some year than is owed."""
        return any(year.surplus for year in self.years)


@dataclass(frozen=True)
class LevyPage:
    """Up to fifty levies by number; `next` is the number to go on after (empty: none)."""

    rows: Sequence[LevyRow]
    next: str
    hits: int


@dataclass(frozen=True)
class NoticeRow:
    """A letter that told what is owed for a year."""

    number: int
    name: Localized
    reference: str
    at: datetime
    size: int


def levies(*, by: Actor, wanted: LevyFilter, after: str = "") -> LevyPage:
    """The levies that fit, by number. Raises `NotAllowed` without `payments.levies`."""
    by.require("payments.levies")
    found = _filtered(Levy.objects.visible_to(by), wanted)
    hits = found.count()
    shown = found.filter(number__gt=after) if after else found
    rows = list(shown.select_related("kind", "debtor").order_by("number")[: PAGE_SIZE + 1])
    more = len(rows) > PAGE_SIZE
    rows = rows[:PAGE_SIZE]
    return LevyPage(_rows(rows), rows[-1].number if more else "", hits)


def levy(*, by: Actor, levy: UUID) -> LevyView:
    """One levy for staff. Raises `NotAllowed` without `payments.levies`, and `NotFound`."""
    by.require("payments.levies")
    found = Levy.objects.visible_to(by).select_related("kind", "debtor").filter(pk=levy).first()
    if found is None:
        raise NotFound
    entry = found.kind.entry
    return LevyView(
        row=_rows([found])[0],
        matter=found.matter,
        rate_slug=found.rate,
        rates=[(rate.slug, rate.name.plain()) for rate in entry.rates],
        exempt_from=found.exempt_from,
        exempt_until=found.exempt_until,
        exempt_why=found.exempt_why,
        years=_years(found),
        steps=[
            LevyStepRow(str(step.get_deed_display()), step.year, step.why, step.by_name, step.at)
            for step in found.steps.order_by("-pk")
        ],
    )


def own_levies(by: Actor) -> list[LevyRow]:
    """What a citizen owes each year anew, as long as it goes on; for others nothing."""
    if not by.is_citizen:
        return []
    rows = Levy.objects.visible_to(by).filter(Q(ends_on=None) | Q(ends_on__gte=today()))
    return _rows(list(rows.select_related("kind", "debtor").order_by("number")))


def levies_about(matter: str, *, by: Actor) -> list[LevyRow]:
    """What a matter began, for those who may see it."""
    rows = Levy.objects.visible_to(by).filter(matter=matter)
    return _rows(list(rows.select_related("kind", "debtor").order_by("number")))


def levy_kinds() -> list[tuple[str, Localized]]:
    """What the city levies, by name."""
    kinds = LevyKind.objects.order_by("slug")
    return [(kind.slug, kind.entry.name.plain()) for kind in kinds]


def rates() -> list[tuple[str, Localized, Localized]]:
    """Every rate of every levy: `levy:rate`, the name of the levy and of the rate."""
    return [
        (f"{kind.slug}:{rate.slug}", kind.entry.name.plain(), rate.name.plain())
        for kind in LevyKind.objects.order_by("slug")
        for rate in kind.entry.rates
    ]


def own_notices(by: Actor) -> list[NoticeRow]:
    """The letters about levies that a citizen got, the newest first."""
    if not by.is_citizen:
        return []
    return _notices(Q(levy__in=Levy.objects.visible_to(by)))


def notices_to_print(*, by: Actor) -> list[NoticeRow]:
    """The newest letters that went to nobody by mail. Raises `NotAllowed` without the right."""
    by.require("payments.levies")
    return _notices(Q(by_mail=False))


def notice(*, by: Actor, number: int) -> StoredFile:
    """The letter of one year, for its debtor and for who keeps the levies; else `NotFound`."""
    rows = LevyYear.objects.select_related("document")
    found = rows.filter(pk=number, levy__in=Levy.objects.visible_to(by)).first()
    if found is None or found.document is None:
        raise NotFound
    return found.document


def _filtered(rows: LevyQuerySet, wanted: LevyFilter) -> LevyQuerySet:
    if wanted.kind:
        rows = rows.filter(kind__slug=wanted.kind)
    day = today()
    is_over = Q(ends_on__lt=day)
    is_exempt = Q(exempt_from__lte=day.year) & (
        Q(exempt_until=None) | Q(exempt_until__gte=day.year)
    )
    if wanted.state == ENDED:
        rows = rows.filter(is_over)
    elif wanted.state == EXEMPT:
        rows = rows.filter(is_exempt).exclude(is_over)
    elif wanted.state == RUNNING:
        rows = rows.exclude(is_over)
    for word in wanted.words.split()[:8]:
        rows = rows.filter(
            Q(number__icontains=word)
            | Q(about__icontains=word)
            | Q(matter__icontains=word)
            | Q(debtor__family_name__icontains=word)
            | Q(debtor__given_name__icontains=word)
        )
    return rows


def _rows(found: Sequence[Levy]) -> list[LevyRow]:
    entries = {row.kind_id: row.kind.entry for row in found}
    years = LevyYear.objects.filter(levy__in=[row.pk for row in found])
    last: dict[UUID, int] = {}
    for owner, year in years.values_list("levy", "year"):
        last[owner] = max(year, last.get(owner, 0))
    return [_row(row, entries[row.kind_id], last.get(row.pk, 0)) for row in found]


def _row(row: Levy, entry: LevyEntry, last: int) -> LevyRow:
    rate = entry.rate(row.rate)
    return LevyRow(
        levy=row.pk,
        number=row.number,
        name=entry.name.plain(),
        about_label=entry.about.plain(),
        about=row.about,
        rate=rate.name.plain() if rate else {"de": row.rate},
        debtor=row.debtor_id,
        debtor_name=row.debtor.full_name,
        begins_on=row.begins_on,
        ends_on=row.ends_on,
        state=_state(row),
        expected=_expected(row, entry, last),
    )


def _state(row: Levy) -> str:
    if row.ends_on is not None and row.ends_on < today():
        return ENDED
    exemption = row.exemption
    return EXEMPT if exemption is not None and exemption.covers(today().year) else RUNNING


def _expected(row: Levy, entry: LevyEntry, last: int) -> Expected | None:
    found = next_expected(today(), last, row.span, entry.rules(row.rate), row.exemption)
    return Expected(found[0], Money(found[1])) if found else None


def _years(row: Levy) -> list[LevyYearRow]:
    years = list(row.years.order_by("-year"))
    claims = _claims(row, years)
    return [
        LevyYearRow(
            number=year.pk,
            year=year.year,
            amount=Money(year.cents),
            yearly=Money(year.yearly_cents),
            claims=claims[year.year],
            surplus=Money(max(sum(one.kept.cents for one in claims[year.year]) - year.cents, 0)),
            has_letter=year.document_id is not None,
        )
        for year in years
    ]


def _claims(row: Levy, years: Iterable[LevyYear]) -> dict[int, list[ClaimRow]]:
    """The claims of each year, those of the matter that began it with its first."""
    place = {f"{row.number}-{year.year}": year.year for year in years}
    with_matter = [year.year for year in years if year.with_matter]
    found: dict[int, list[ClaimRow]] = {year.year: [] for year in years}
    references = [*place, *([row.matter] if with_matter else [])]
    rows = Claim.objects.filter(reference__in=references, fee_for=None, debtor=row.debtor_id)
    for claim in rows.select_related("deposit").order_by("raised_at", "key"):
        if claim.reference in place:
            found[place[claim.reference]].append(row_of(claim))
        elif claim.first_key == row.key:
            found[with_matter[0]].append(row_of(claim))
    return found


def _notices(which: Q) -> list[NoticeRow]:
    rows = LevyYear.objects.filter(which, document__isnull=False)
    found = rows.select_related("levy__kind", "document").order_by("-pk")[:MOST_LETTERS]
    return [
        NoticeRow(
            number=year.pk,
            name=year.levy.kind.entry.name.plain(),
            reference=year.reference,
            at=year.raised_at,
            size=year.document.size if year.document else 0,
        )
        for year in found
    ]
