"""What phases, levels and steps are called in front of people; logic never looks at these."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rathaus.cases.deadlines import Level
from rathaus.cases.decision_faults import Fault, Found
from rathaus.cases.models import Case
from rathaus.cases.phases import Phase
from rathaus.core.localized import SOURCE_LANGUAGE, Localized, language_of, localize

PHASES: Mapping[Phase, Promise | str] = {
    Phase.DRAFT: _("Entwurf"),
    Phase.RECEIVED: _("Eingelangt"),
    Phase.INCOMPLETE: _("Ergänzung verlangt"),
    Phase.EXAMINING: _("In Prüfung"),
    Phase.DECIDED: _("Entschieden"),
    Phase.CLOSED: _("Abgeschlossen"),
    Phase.WITHDRAWN: _("Zurückgezogen"),
}
PHASE_TONES: Mapping[Phase, str] = {
    Phase.DRAFT: "neutral",
    Phase.RECEIVED: "info",
    Phase.INCOMPLETE: "warning",
    Phase.EXAMINING: "info",
    Phase.DECIDED: "neutral",
    Phase.CLOSED: "neutral",
    Phase.WITHDRAWN: "neutral",
}
# By what it means to the applicant, so that nobody reads bad news in green.
OUTCOME_TONES: Mapping[str, str] = {
    "granted": "success",
    "partly_granted": "info",
    "refused": "warning",
    "rejected": "warning",
    "settled": "info",
}
LEVELS: Mapping[Level, Promise | str] = {
    Level.ON_TIME: _("in der Zeit"),
    Level.SOON: _("bald fällig"),
    Level.URGENT: _("dringend"),
    Level.OVERDUE: _("überfällig"),
}
LEVEL_STATES: Mapping[Level, str] = {
    Level.ON_TIME: "on_time",
    Level.SOON: "soon",
    Level.URGENT: "soon",
    Level.OVERDUE: "overdue",
}
STATE_ICONS: Mapping[str, str] = {
    "on_time": "clock",
    "soon": "warning",
    "overdue": "danger",
    "suspended": "pause",
}
LEVEL_TONES: Mapping[Level, str] = {
    Level.ON_TIME: "success",
    Level.SOON: "warning",
    Level.URGENT: "warning",
    Level.OVERDUE: "danger",
}
FAULTS: Mapping[Fault, Promise | str] = {
    Fault.GAP: _("Hier ist noch eine Lücke: %(words)s. Bitte füllen oder streichen Sie sie."),
    Fault.UNKNOWN_PLACEHOLDER: _("Den Platzhalter „%(words)s“ gibt es nicht."),
    Fault.STRAY_BRACES: _("Hier stehen geschwungene Klammern, die zu keinem Platzhalter gehören."),
    Fault.NOT_WRITTEN: _("Bitte schreiben Sie einen Text."),
    Fault.NO_REASONS: _(
        "Wer nicht alles bekommt, was beantragt war, muss erfahren, warum "
        "(§ 58 Abs. 2 AVG, § 93 Abs. 3 BAO)."
    ),
    Fault.NO_REMEDY: _(
        "Ein Bescheid braucht eine Rechtsmittelbelehrung (§§ 58 und 61 AVG, § 93 BAO)."
    ),
    Fault.TOO_EARLY: _(
        "Zurückgewiesen werden kann erst, wenn die Zeit für die Ergänzung abgelaufen ist: "
        "Sie läuft noch bis %(words)s."
    ),
}


def fault_in_words(found: Found) -> str:
    """What is wrong with a part of a decision, as its writer reads it."""
    words = found.words
    shown = date_format(words, "SHORT_DATE_FORMAT") if isinstance(words, datetime.date) else words
    return str(FAULTS[found.fault]) % {"words": shown}


@dataclass(frozen=True)
class StatusStep:
    """A point of the status line: `state` is done, current, coming or stopped."""

    label: Promise | str
    state: str
    date: datetime.date | None = None


def title_of(case: Case) -> str:
    """What a reader calls the case: its own title in German, else the name of its procedure."""
    return title_for_reader(case.title, case.procedure.name)


def title_for_reader(title: str, procedure: Localized) -> str:
    """The same from the bare columns of a list."""
    return title if language_of(procedure) == SOURCE_LANGUAGE else localize(procedure)


def caption_of(case: Case) -> str:
    """What stands small above the title: the number, and the procedure if the title hides it."""
    procedure = localize(case.procedure.name)
    return case.number if procedure == title_of(case) else f"{case.number} · {procedure}"


def status_line(
    phase: Phase, received_on: datetime.date, ended_on: datetime.date | None
) -> list[StatusStep]:
    """Where a case stands, for its applicant: received, examined, decided."""
    received = StatusStep(_("Eingelangt"), "done", received_on)
    if phase is Phase.WITHDRAWN:
        return [received, StatusStep(_("Zurückgezogen"), "stopped", ended_on)]
    if phase in (Phase.DECIDED, Phase.CLOSED):
        last = _("Entschieden") if phase is Phase.DECIDED else _("Abgeschlossen")
        return [received, StatusStep(_("Geprüft"), "done"), StatusStep(last, "done", ended_on)]
    if phase is Phase.RECEIVED:
        received = StatusStep(_("Eingelangt"), "current", received_on)
        examined = StatusStep(_("In Prüfung"), "coming")
    else:
        waiting = phase is Phase.INCOMPLETE
        examined = StatusStep(_("Wir warten auf Sie") if waiting else _("In Prüfung"), "current")
    return [received, examined, StatusStep(_("Entscheidung"), "coming")]
