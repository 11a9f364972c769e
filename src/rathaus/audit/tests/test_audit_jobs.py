"""The trail's own work is known to the queue and does what its action does."""

from rathaus.audit import jobs
from rathaus.audit.models import Entry, Root
from rathaus.core.jobs import app


def test_both_jobs_are_periodic():
    registered = app.periodic_registry.periodic_tasks.values()
    tasks = {it.task.name: (it.cron, it.task.queue) for it in registered}
    assert tasks["rathaus.audit.jobs.seal"] == ("*/5 * * * *", "default")
    assert tasks["rathaus.audit.jobs.examine"] == ("30 1 * * *", "nightly")


def test_they_can_run_twice(write):
    write(2)
    for _ in range(2):
        jobs.seal(timestamp=0)
        jobs.examine(timestamp=0)
    assert list(Root.objects.order_by("pk").values_list("size", flat=True)) == [2, 3]
    assert Entry.objects.filter(did="audit.examined").count() == 2
