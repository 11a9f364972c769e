"""Real probes of what the house stands on: each does a little of the real work, within seconds."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import DatabaseError, connection
from django.db.models import Min, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from procrastinate.contrib.django.models import ProcrastinateJob

from rathaus.core.clock import now
from rathaus.core.domain import Health
from rathaus.core.files.storage import file_store
from rathaus.core.files.virus_scan import scanner_answers
from rathaus.core.models import OutgoingMail

LATE_JOB = timedelta(minutes=5)
LATE_MAIL = timedelta(minutes=30)
LEAST_FREE_BYTES = 1024**3
PROBE_FOLDER = "probe"


def database() -> Health:
    """One question to PostgreSQL."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return Health(_("Datenbank"), ok=False, message=_("Die Datenbank antwortet nicht."))
    return Health(_("Datenbank"), ok=True, message=_("Die Datenbank antwortet."))


def file_storage() -> Health:
    """One small file written, read and taken away again."""
    name, content = _("Dateiablage"), uuid4().bytes
    store = file_store()
    try:
        place = store.save(f"{PROBE_FOLDER}/{uuid4().hex}", ContentFile(content))
        with store.open(place) as file:
            is_same = file.read() == content
        store.delete(place)
    except OSError:
        return Health(name, ok=False, message=_("Dateien können nicht gespeichert werden."))
    if not is_same:
        return Health(name, ok=False, message=_("Gespeicherte Dateien kommen verändert zurück."))
    return Health(name, ok=True, message=_("Dateien können gespeichert und gelesen werden."))


def jobs() -> Health:
    """How long the oldest job that could run has been waiting."""
    since = _oldest_waiting_job()
    if since is not None and now() - since > LATE_JOB:
        late = _("Aufgaben warten seit %(minutes)d Minuten.") % {"minutes": _minutes(since)}
        return Health(_("Aufgaben"), ok=False, message=late)
    return Health(_("Aufgaben"), ok=True, message=_("Aufgaben werden ohne Verzug erledigt."))


def mail() -> Health:
    """How long the oldest mail has been waiting for the mail server."""
    waiting = OutgoingMail.objects.filter(sent_at=None, failed_at=None)
    since = waiting.aggregate(oldest=Min("created_at"))["oldest"]
    if since is not None and now() - since > LATE_MAIL:
        late = _("Mails warten seit %(minutes)d Minuten.") % {"minutes": _minutes(since)}
        return Health(_("Mail"), ok=False, message=late)
    return Health(_("Mail"), ok=True, message=_("Mails werden ohne Verzug verschickt."))


def disk() -> Health:
    """Room for more."""
    folder = Path(settings.FILES_DIRECTORY)
    while not folder.exists():
        folder = folder.parent
    if shutil.disk_usage(folder).free < LEAST_FREE_BYTES:
        return Health(_("Speicherplatz"), ok=False, message=_("Der Speicherplatz wird knapp."))
    return Health(_("Speicherplatz"), ok=True, message=_("Es ist genug Platz."))


def virus_scanner() -> Health:
    """A ping to clamd, where one is configured."""
    name = _("Virenprüfung")
    if not settings.CLAMD_ADDRESS:
        none = _("Es ist keine Virenprüfung eingerichtet.")
        return Health(name, ok=None, message=none, instead=_("nicht eingerichtet"))
    if not scanner_answers(settings.CLAMD_ADDRESS):
        return Health(name, ok=False, message=_("Die Virenprüfung antwortet nicht."))
    return Health(name, ok=True, message=_("Dateien werden auf Viren geprüft."))


# Without these nobody can do anything here.
ESSENTIAL: tuple[Callable[[], Health], ...] = (database, file_storage)
USEFUL: tuple[Callable[[], Health], ...] = (jobs, mail, disk, virus_scanner)


def useful() -> Iterator[Health]:
    """The probes without which the house works, if less well."""
    return (probe() for probe in USEFUL)


def _oldest_waiting_job() -> datetime | None:
    ready = ProcrastinateJob.objects.filter(
        Q(scheduled_at=None) | Q(scheduled_at__lte=now()), status="todo"
    ).annotate(
        since=Coalesce(
            "scheduled_at",
            Min("procrastinateevent__at", filter=Q(procrastinateevent__type="deferred")),
        )
    )
    oldest: datetime | None = ready.order_by("since").values_list("since", flat=True).first()
    return oldest


def _minutes(since: datetime) -> int:
    return int((now() - since).total_seconds() // 60)
