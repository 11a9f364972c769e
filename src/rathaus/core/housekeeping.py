"""What the house does by itself: tidying every night, and taking up what a killed worker left."""

import structlog
from django.contrib.sessions.models import Session
from procrastinate import JobContext
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from rathaus.core.clock import now
from rathaus.core.files.sweep import sweep_orphans
from rathaus.core.jobs import app
from rathaus.core.mail import empty_old_mails

log = structlog.get_logger("rathaus.housekeeping")

HOURS_KEPT = 14 * 24


@app.periodic(cron="17 2 * * *")
@app.task(queue="nightly", name="core.tidy_up")
def tidy_up(timestamp: int) -> None:
    """Ended sessions, texts of old mails, files that no row knows; a second run finds nothing."""
    sessions, _rows = Session.objects.filter(expire_date__lt=now()).delete()
    log.info("tidied up", sessions=sessions, mails=empty_old_mails(), files=sweep_orphans())


@app.periodic(cron="47 2 * * *")
@app.task(queue="nightly", name="core.forget_old_jobs", pass_context=True)
async def forget_old_jobs(context: JobContext, timestamp: int) -> None:
    """Jobs that ended two weeks ago, well or badly."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=HOURS_KEPT, include_failed=True, include_cancelled=True, include_aborted=True
    )


@app.periodic(cron="* * * * *")
@app.task(queue="default", name="core.take_up_abandoned_jobs", pass_context=True)
async def take_up_abandoned_jobs(context: JobContext, timestamp: int) -> None:
    """Put jobs back whose worker has not been heard of for half a minute.

    They may have been done in part, which is why every task of the house is idempotent. A job
    whose twin is waiting already is closed instead.
    """
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs():
        try:
            await jobs.retry_job(job)
        except UniqueViolation:
            await jobs.finish_job(job, status=Status.FAILED, delete_job=False)
        log.warning("job abandoned by its worker", job=job.id, task=job.task_name)
