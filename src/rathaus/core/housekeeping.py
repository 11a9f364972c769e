"""What the house tidies up by itself every night."""

import structlog
from django.contrib.sessions.models import Session

from rathaus.core.clock import now
from rathaus.core.files.sweep import sweep_orphans
from rathaus.core.jobs import app
from rathaus.core.mail import empty_old_mails

log = structlog.get_logger("rathaus.housekeeping")


@app.periodic(cron="17 2 * * *")
@app.task(queue="nightly", name="core.tidy_up", queueing_lock="core.tidy_up", pass_context=False)
def tidy_up(timestamp: int) -> None:
    """Ended sessions, texts of old mails, files that no row knows; a second run finds nothing."""
    sessions, _rows = Session.objects.filter(expire_date__lt=now()).delete()
    log.info("tidied up", sessions=sessions, mails=empty_old_mails(), files=sweep_orphans())
