"""What accounts does at night."""

from rathaus.accounts import actions
from rathaus.core.jobs import app


@app.periodic(cron="20 3 * * *")
@app.task(queue="nightly", name="accounts.sweep_unconfirmed_guests")
def sweep_unconfirmed_guests(timestamp: int) -> None:
    """Forget addresses that asked for a code and never came in; forget sessions that are over."""
    actions.sweep_unconfirmed_guests()
    actions.sweep_ended_sessions()
