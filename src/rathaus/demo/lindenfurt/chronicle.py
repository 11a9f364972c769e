"""Lets everything happen in the order in which it happened, so that numbers, deadlines, receipts
and the audit trail are what they would be.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial

from django.db import connection, transaction
from django.db.models import F
from procrastinate.connector import BaseConnector
from procrastinate.types import JobToDefer

from rathaus.appointments.actions import sweep_holds
from rathaus.appointments.actions.lessons import learn_from_yesterday
from rathaus.audit.actions import examine, seal
from rathaus.cases.actions import sweep_deadlines
from rathaus.cases.models import Case
from rathaus.core.actor import SYSTEM
from rathaus.core.clock import VIENNA, as_of, local_date, now
from rathaus.core.jobs import app
from rathaus.core.mail import empty_old_mails
from rathaus.core.models import OutgoingMail
from rathaus.core.transaction import unit_of_work
from rathaus.demo.lindenfurt import filing
from rathaus.demo.lindenfurt.agenda import Agenda, Tale
from rathaus.demo.lindenfurt.colleagues import Colleagues
from rathaus.demo.lindenfurt.handling import Proceeding, do, proceeding
from rathaus.demo.lindenfurt.storytelling import DAYS_TOLD, Matter, Step
from rathaus.payments.actions.dunning import sweep_dunning

NIGHTS_PUBLISHED = timedelta(days=31)
NIGHTS_SWEPT = timedelta(days=6)


class _NoQueue(BaseConnector):
    """Where jobs go that are done already."""

    def get_sync_connector(self) -> BaseConnector:
        """Itself."""
        return self

    def execute_query_all(
        self, query: str, *, jobs: Sequence[JobToDefer] = (), **arguments: object
    ) -> list[dict[str, int]]:
        """The numbers that deferred jobs would get."""
        return [{"id": number} for number, _job in enumerate(jobs, start=1)]


def founded_at() -> datetime:
    """When the demo's house was set up: before the first of its matters came in."""
    return now() - timedelta(days=DAYS_TOLD + 10)


@contextmanager
def founding() -> Iterator[None]:
    """A house without matters is set up in the past."""
    if Case.objects.exists():
        yield
        return
    with as_of(founded_at()):
        yield


@dataclass
class Matters:
    """The stories of matters: each is filed, and then one step comes after the other."""

    matters: Sequence[Matter]
    colleagues: Colleagues
    _proceedings: dict[int, Proceeding] = field(default_factory=dict)

    def __call__(self, agenda: Agenda) -> None:
        """All of it is known from the beginning."""
        for matter in self.matters:
            agenda.at(matter.filed_at, partial(self._file, matter))
        for matter in self.matters:
            for step in matter.steps:
                agenda.at(step.at, partial(self._do, matter, step))

    def _file(self, matter: Matter) -> None:
        case = filing.file(matter, self.colleagues)
        self._proceedings[id(matter)] = proceeding(matter, case, self.colleagues)

    def _do(self, matter: Matter, step: Step) -> None:
        do(step, self._proceedings[id(matter)])


@dataclass
class Chronicle:
    """What these tales tell, in the order in which it happened, until now."""

    tales: Sequence[Tale]
    until: datetime = field(default_factory=now)

    def tell(self) -> None:
        """All of it or nothing; no mail waits to be sent afterwards."""
        agenda = Agenda()
        for tale in self.tales:
            tale(agenda)
        with quietly():
            evening: date | None = None
            for moment, deed in agenda.until(self.until):
                day = local_date(moment)
                if evening:
                    self._nights(evening, day)
                evening = day
                with as_of(moment), unit_of_work():
                    deed()

    def _nights(self, evening: date, morning: date) -> None:
        """What the house does by itself in the night: look at deadlines, publish a fingerprint,
        compute the trail anew, remind of what is overdue, put away holds, learn from the queues.

        Older nights are left out where nobody could tell, since each of them takes its time.
        """
        for number in range(1, (morning - evening).days + 1):
            midnight = datetime.combine(evening + timedelta(days=number), time(), VIENNA)
            with as_of(midnight):
                if self.until - midnight < NIGHTS_SWEPT:
                    sweep_deadlines(by=SYSTEM)
                if self.until - midnight < NIGHTS_PUBLISHED:
                    seal()
                sweep_dunning(by=SYSTEM)
                sweep_holds(by=SYSTEM)
                if self.until - midnight < timedelta(days=1):
                    learn_from_yesterday(by=SYSTEM)
                    examine()


@contextmanager
def quietly() -> Iterator[None]:
    """All of it or nothing, and without a job: what is mailed meanwhile has left already."""
    with _one_transaction(), app.replace_connector(_NoQueue()):
        yield
        _deliver_mails()


@contextmanager
def _one_transaction() -> Iterator[None]:
    """Around everything, without a savepoint for each action: no part of a story is undone alone.

    Savepoints would be a third of all statements.
    """
    with transaction.atomic():
        connection.features.uses_savepoints = False
        try:
            yield
        finally:
            del connection.features.uses_savepoints


def _deliver_mails() -> None:
    """Every mail left when it was written; those of more than a month ago are forgotten again."""
    OutgoingMail.objects.filter(sent_at=None).update(sent_at=F("created_at"), attempts=1)
    empty_old_mails()
