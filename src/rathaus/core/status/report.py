"""All probes in one report, kept for some seconds so that looking at it costs the house nothing."""

import time
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import DatabaseError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rathaus.core.clock import now
from rathaus.core.domain import Domain, Health, domains
from rathaus.core.status import probes

SECONDS_KEPT = 10


class Overall(StrEnum):
    """The answer in one word."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"


@dataclass(frozen=True)
class Report:
    """What the probes said at one moment. `has_database` tells whether a page may ask for more."""

    overall: Overall
    has_database: bool
    checked_at: datetime
    health: tuple[Health, ...]


# In the process, not in the cache: the cache is in the database, which may be what fails.
_kept: dict[str | None, tuple[float, Report]] = {}


def status_report() -> Report:
    """The report of the last ten seconds, or a new one."""
    asked_at, report = _kept.get(get_language(), (0.0, None))
    if report is None or time.monotonic() - asked_at > SECONDS_KEPT:
        report = _ask()
        _kept[get_language()] = (time.monotonic(), report)
    return report


def forget_report() -> None:
    """Ask anew at the next question."""
    _kept.clear()


def _ask() -> Report:
    database, *others = essential = [probe() for probe in probes.ESSENTIAL]
    asked = [*_useful(), *_of_domains()] if database.ok else []
    return Report(
        overall=_overall(essential, asked),
        has_database=database.ok is True,
        checked_at=now(),
        health=(database, *others, *asked),
    )


def _overall(essential: list[Health], others: list[Health]) -> Overall:
    if any(health.ok is not True for health in essential):
        return Overall.DOWN
    return Overall.DEGRADED if any(health.ok is False for health in others) else Overall.OK


def _useful() -> list[Health]:
    return list(probes.useful())


def _of_domains() -> list[Health]:
    return [health for domain in domains() for health in _of(domain)]


def _of(domain: Domain) -> list[Health]:
    """A domain's own probes; one that breaks down is bad news itself."""
    if domain.health is None:
        return []
    try:
        return list(domain.health())
    except (DatabaseError, OSError):
        broken = _("Die Prüfung dieses Bereichs ist fehlgeschlagen.")
        return [Health(str(domain.name), ok=False, message=broken)]
