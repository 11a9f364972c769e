"""What Lindenfurt levies each year, whose dogs there are, and deposits that the city keeps."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from rathaus.cases.models import Case
from rathaus.core.actor import SYSTEM, Actor
from rathaus.core.clock import local_date, today
from rathaus.core.money import Money
from rathaus.demo.lindenfurt.colleagues import Colleagues
from rathaus.demo.lindenfurt.people import person_id
from rathaus.demo.lindenfurt.showpieces import showpieces
from rathaus.demo.lindenfurt.storytelling import Matter
from rathaus.payments.actions import (
    ClaimKind,
    PayTo,
    begin_levy,
    install_levies,
    raise_claim,
    receive,
    return_deposit,
    set_return_day,
)
from rathaus.payments.incoming import Incoming, Means, Part

HERE = Path(__file__).parent
TREASURER = "sabine-wolf"
SQUARE = {"de": "Kaution für den Rathausplatz", "en": "Deposit for the Rathausplatz"}
TERRACE = {"de": "Kaution für den Gastgarten", "en": "Deposit for the outdoor tables"}
PLANTING = {"de": "Kaution für die Ersatzpflanzung", "en": "Deposit for planting a new tree"}
FENCE = {"de": "Kaution für das Absperrgitter", "en": "Deposit for the barrier"}


def load() -> None:
    """Bring the levies up to date, as `rathaus import levies` would."""
    install_levies(by=SYSTEM, text=(HERE / "levies.yaml").read_text(encoding="utf-8"))


def matters(now: datetime) -> list[Matter]:
    """Registrations of dogs that are decided."""
    return showpieces(now, file=HERE / "levied_matters.yaml")


def tell(colleagues: Colleagues) -> None:
    """The treasury begins what came on paper, and keeps two deposits; one of them goes back."""
    treasurer = colleagues.person(TREASURER)
    _dog_on_paper(treasurer)
    square = _deposit(treasurer, "mehmet-yildiz", "veranstaltung-anmelden", 50_000, SQUARE)
    set_return_day(by=treasurer, claim=square, return_on=today() + timedelta(days=21))
    terrace = _deposit(treasurer, "mehmet-yildiz", "gewerbe-anmelden", 30_000, TERRACE)
    set_return_day(by=treasurer, claim=terrace, return_on=today() - timedelta(days=3))
    _deposit(treasurer, "sophie-wagner", "baumfaellung", 20_000, PLANTING)
    return_deposit(
        by=treasurer,
        claim=_deposit(treasurer, "sophie-wagner", "baumfaellung", 6_000, FENCE),
        returned=Money(4_500),
        retained=Money(1_500),
        why="Das Gitter ist zurück; ein Fuß ist verbogen.",
        key="demo:deposit",
        to=PayTo("AT48 3200 0000 1234 5864", "Sophie Wagner"),
    )


def _dog_on_paper(treasurer: Actor) -> None:
    case = _case("johann-steininger", "hund-anmelden")
    begin_levy(
        by=treasurer,
        kind="hundeabgabe",
        rate="wache",
        debtor=case.applicant_id,
        about="Rex",
        begins_on=local_date(case.decided_at) if case.decided_at else today(),
        matter=case.number,
        key="demo:paper",
    )


def _deposit(
    treasurer: Actor, who: str, procedure: str, cents: int, purpose: dict[str, str]
) -> UUID:
    """A deposit in the person's matter, paid by transfer."""
    case = _case(who, procedure)
    key = f"kaution-{purpose['en'].lower().replace(' ', '-')}"
    claim = raise_claim(
        by=treasurer,
        debtor=case.applicant_id,
        amount=Money(cents),
        purpose=purpose,
        reference=case.number,
        due_on=today() + timedelta(days=14),
        key=key,
        department=case.department_id,
        kind=ClaimKind.DEPOSIT,
    )
    incoming = Incoming(
        key=f"demo:{case.number}:{key}",
        means=Means.BANK,
        amount=Money(cents),
        received_on=today(),
        parts=[Part(claim, Money(cents))],
        payer=case.applicant_id,
    )
    receive(by=treasurer, incoming=incoming)
    return claim


def _case(who: str, procedure: str) -> Case:
    """The oldest matter of that kind that the person has."""
    rows = Case.objects.filter(applicant_id=person_id(who), procedure__slug=procedure)
    return rows.earliest("opened_at")
