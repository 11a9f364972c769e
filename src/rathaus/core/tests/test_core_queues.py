"""Jobs: done by a real worker, tried again, taken up after a kill, tidied away."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core import mail as outbox
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from rathaus.core import clock
from rathaus.core.housekeeping import take_up_abandoned_jobs, tidy_up
from rathaus.core.jobs import app
from rathaus.core.mail import send
from rathaus.core.models import OutgoingMail


def run_worker() -> None:
    """Work off everything that waits, with connections of the worker's own, then stop.

    In a thread of its own: in this one a browser's event loop may be running.
    """
    with (
        app.replace_connector(app.connector.get_worker_connector()) as working,
        ThreadPoolExecutor(max_workers=1) as thread,
    ):
        thread.submit(asyncio.run, _work(working)).result()


async def _work(working) -> None:
    async with working.open_async():
        await working.run_worker_async(
            wait=False, install_signal_handlers=False, listen_notify=False, concurrency=2
        )


def states() -> list[tuple[str, str]]:
    jobs = ProcrastinateJob.objects.order_by("id")
    return list(jobs.values_list("task_name", "status"))


@pytest.mark.usefixtures("empty_queue")
def test_a_worker_sends_what_an_action_wrote():
    written = send(to="maria@example.at", subject="Neues", text="Guten Tag")
    run_worker()

    [message] = outbox.outbox
    assert (message.to, message.subject) == (["maria@example.at"], "Neues")
    written.refresh_from_db()
    assert written.sent_at is not None
    assert ("core.deliver_mail", "succeeded") in states()


@pytest.mark.usefixtures("empty_queue")
def test_what_a_worker_writes_is_in_the_queue_with_its_transaction():
    """Else another thread of the worker looks for the mail before it is there, and gives up."""
    with app.replace_connector(app.connector.get_worker_connector()):
        with transaction.atomic():
            send(to="maria@example.at", subject="Neues", text="Guten Tag")
            assert states() == [("core.deliver_mail", "todo")]
            transaction.set_rollback(True)
        assert states() == []
        send(to="maria@example.at", subject="Neues", text="Guten Tag")
    assert states() == [("core.deliver_mail", "todo")]


@pytest.mark.usefixtures("empty_queue")
def test_a_failing_job_waits_and_comes_again(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    send(to="maria@example.at", subject="Neues", text="Guten Tag")
    run_worker()

    job = ProcrastinateJob.objects.get(task_name="core.deliver_mail")
    assert (job.status, job.attempts) == ("todo", 1)
    assert timedelta(0) < job.scheduled_at - clock.now() <= timedelta(seconds=6)
    assert OutgoingMail.objects.get().attempts == 1


@pytest.mark.usefixtures("empty_queue")
def test_a_killed_worker_s_job_is_taken_up_by_another():
    send(to="maria@example.at", subject="Neues", text="Guten Tag")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - interval '1 minute') RETURNING id"
        )
        [worker] = cursor.fetchone()
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [worker])
    assert states() == [("core.deliver_mail", "doing")]

    take_up_abandoned_jobs.defer(timestamp=0)
    run_worker()
    run_worker()

    assert ("core.deliver_mail", "succeeded") in states()
    assert len(outbox.outbox) == 1


@pytest.mark.django_db
def test_ended_sessions_are_tidied_away(settings, tmp_path):
    settings.FILES_DIRECTORY = tmp_path / "none-yet"
    Session.objects.create(session_key="old", expire_date=clock.now() - timedelta(days=1))
    Session.objects.create(session_key="new", expire_date=clock.now() + timedelta(days=1))

    tidy_up(timestamp=0)
    tidy_up(timestamp=0)

    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]


def test_the_house_keeps_its_own_hours():
    app.perform_import_paths()
    schedule = {
        periodic.task.name: periodic.cron
        for periodic in app.periodic_registry.periodic_tasks.values()
        if periodic.task.name.startswith("core.")
    }
    assert schedule == {
        "core.tidy_up": "17 2 * * *",
        "core.forget_old_jobs": "47 2 * * *",
        "core.take_up_abandoned_jobs": "* * * * *",
    }
