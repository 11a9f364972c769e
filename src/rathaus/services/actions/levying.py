"""What a decision begins or ends beside its fee, as the form says: a levy that comes back each
year.
"""

import json
from datetime import date
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import override

from rathaus.cases.events import CaseDecided
from rathaus.core.actor import SYSTEM
from rathaus.core.clock import today
from rathaus.core.localized import SOURCE_LANGUAGE
from rathaus.core.transaction import atomic
from rathaus.payments.actions import begin_levy, end_levy_numbered
from rathaus.services.actions.charging import newest_fees
from rathaus.services.actions.granting import GIVES_NOTHING
from rathaus.services.queries.forms import compiled

NEWEST_ANSWERS = """
    SELECT sent.answers, version.sha256
    FROM services_application AS sent
    JOIN services_formversion AS version ON version.id = sent.version_id
    WHERE sent.case_id = %s ORDER BY sent.submitted_at DESC LIMIT 1
"""


@atomic
def begin_levies(event: CaseDecided) -> None:
    """Let what was granted be owed each year from today on; again changes nothing."""
    if event.outcome in GIVES_NOTHING:
        return
    for line in newest_fees(event.case):
        levy = line.get("levy")
        if levy:
            begin_levy(
                by=SYSTEM,
                kind=levy["name"],
                rate=levy["rate"],
                debtor=event.applicant,
                about=levy["about"],
                begins_on=today(),
                matter=event.number,
                key=line["id"],
            )


@atomic
def end_levies(event: CaseDecided) -> None:
    """End the levy whose number the applicant gave, if it is theirs; again changes nothing."""
    if event.outcome in GIVES_NOTHING:
        return
    found = _number_and_day(event.case)
    if found is not None:
        number, day = found
        with override(SOURCE_LANGUAGE):
            why = _("Abmeldung %(number)s") % {"number": event.number}
        end_levy_numbered(by=SYSTEM, number=number, debtor=event.applicant, ends_on=day, why=why)


def _number_and_day(case: UUID) -> tuple[str, date] | None:
    """Past the read log: two answers alone, and nobody gets to see whom they are about."""
    with connection.cursor() as cursor:
        cursor.execute(NEWEST_ANSWERS, [case])
        row = cursor.fetchone()
    if row is None:
        return None
    ends = compiled(row[1]).document.ends_levy
    if ends is None:
        return None
    answers = json.loads(row[0])
    return str(answers[ends.number]), date.fromisoformat(answers[ends.day])
