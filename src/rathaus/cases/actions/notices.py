"""Mails that say that something has happened, and never what: the content waits in the portal."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from rathaus.accounts.queries import email_of, staff_holding
from rathaus.cases.models import Case, DecisionDraft
from rathaus.core.actor import Actor
from rathaus.core.localized import SOURCE_LANGUAGE
from rathaus.core.mail import send
from rathaus.core.portal import portal_link


class Notice(NamedTuple):
    """Subject and text of a mail; `%(number)s` is the number of the case."""

    subject: Promise | str
    text: Promise | str


NOTICES: Mapping[str, Notice] = {
    "message": Notice(
        _("Neue Nachricht zu Ihrem Anliegen %(number)s"),
        _(
            "Guten Tag,\n\nzu Ihrem Anliegen %(number)s gibt es eine neue Nachricht. Sie finden "
            "sie nach der Anmeldung unter „Meine Anliegen“."
        ),
    ),
    "correction": Notice(
        _("Bitte ergänzen Sie Ihr Anliegen %(number)s"),
        _(
            "Guten Tag,\n\nzu Ihrem Anliegen %(number)s brauchen wir noch etwas. Was "
            "fehlt und bis wann Sie Zeit haben, steht nach der Anmeldung unter „Meine Anliegen“."
        ),
    ),
    "extended": Notice(
        _("Sie haben mehr Zeit für Ihr Anliegen %(number)s"),
        _(
            "Guten Tag,\n\nfür die Ergänzung Ihres Anliegens %(number)s haben Sie mehr Zeit. Bis "
            "wann, steht nach der Anmeldung unter „Meine Anliegen“."
        ),
    ),
    "forwarded": Notice(
        _("Ihr Anliegen %(number)s ist bei einer anderen Abteilung"),
        _(
            "Guten Tag,\n\nIhr Anliegen %(number)s haben wir an die zuständige Abteilung "
            "weitergeleitet. Wer sich jetzt darum kümmert, steht nach der Anmeldung unter „Meine "
            "Anliegen“. Sie müssen nichts tun."
        ),
    ),
    "decided": Notice(
        _("Ihr Anliegen %(number)s ist entschieden"),
        _(
            "Guten Tag,\n\nüber Ihr Anliegen %(number)s ist entschieden. Das Dokument liegt nach "
            "der Anmeldung unter „Meine Anliegen“ für Sie bereit."
        ),
    ),
    "withdrawn": Notice(
        _("Sie haben Ihr Anliegen %(number)s zurückgezogen"),
        _(
            "Guten Tag,\n\nwir bestätigen, dass Sie Ihr Anliegen %(number)s zurückgezogen haben. "
            "Sie müssen nichts weiter tun."
        ),
    ),
}


FOR_CLERK = Notice(
    _("Neues im Anliegen %(number)s"),
    _(
        "Guten Tag,\n\nim Anliegen %(number)s hat sich etwas getan. Sie finden es am Arbeitsplatz "
        "unter „Anliegen“."
    ),
)
FOR_ASSIGNERS = Notice(
    _("Ein Anliegen ist zu Ihnen weitergeleitet: %(number)s"),
    _(
        "Guten Tag,\n\ndas Anliegen %(number)s ist an Ihre Abteilung weitergeleitet und noch "
        "niemandem zugeteilt. Sie finden es am Arbeitsplatz unter „Anliegen“."
    ),
)
FOR_SIGNERS = Notice(
    _("Ein Entwurf liegt zur Genehmigung: %(number)s"),
    _(
        "Guten Tag,\n\nim Anliegen %(number)s liegt ein Entwurf der Entscheidung zur Genehmigung. "
        "Sie finden ihn am Arbeitsplatz unter „Anliegen“."
    ),
)
FOR_AUTHOR = Notice(
    _("Ihr Entwurf ist zurückgegeben: %(number)s"),
    _(
        "Guten Tag,\n\nIhr Entwurf der Entscheidung im Anliegen %(number)s ist zurückgegeben. Die "
        "Anmerkung dazu steht beim Anliegen."
    ),
)
DEADLINES = Notice(
    _("Fristen rücken näher"),
    _("Guten Tag,\n\nbei diesen Anliegen rückt die Frist näher oder ist vorbei:\n\n%(list)s"),
)
UNASSIGNED = Notice(
    _("Anliegen ohne Zuständige: Fristen rücken näher"),
    _(
        "Guten Tag,\n\ndiese Anliegen sind noch niemandem zugeteilt, und ihre Frist rückt näher "
        "oder ist vorbei:\n\n%(list)s"
    ),
)
LAPSED = Notice(
    _("Ergänzungen sind ausgeblieben"),
    _("Guten Tag,\n\nbei diesen Anliegen ist die Frist zur Ergänzung vorbei:\n\n%(list)s"),
)
RELEASED = Notice(
    _("Anliegen warten auf Zuteilung"),
    _(
        "Guten Tag,\n\ndiese Anliegen sind niemandem mehr zugeteilt, weil ein Zugang gesperrt "
        "wurde:\n\n%(list)s"
    ),
)
MOST_NAMED = 50


def tell_applicant(case: Case, notice: str) -> None:
    """Write one of `NOTICES` to the applicant in their language, if they left an address."""
    facts = {"number": case.number}
    there = portal_link("cases:mine")
    _send(case.applicant.email, NOTICES[notice], facts, case.number, case.language, there)


def tell_clerk(case: Case) -> None:
    """Tell the assigned clerk that the citizen has written or answered."""
    if case.assigned_to is not None:
        _send(case.assigned_to.email, FOR_CLERK, {"number": case.number}, reference=case.number)


def tell_assigners(case: Case) -> None:
    """Tell those who assign in the case's department that it has come to them."""
    for person in staff_holding("cases.assign", case.department_id):
        _send(person.email, FOR_ASSIGNERS, {"number": case.number}, case.number)


def tell_signers(case: Case, author: Actor) -> None:
    """Tell those who may sign decisions that a draft waits for them."""
    for person in staff_holding("cases.decide", case.department_id):
        if person.pk != author.person:
            _send(person.email, FOR_SIGNERS, {"number": case.number}, case.number)


def tell_author(case: Case, draft: DecisionDraft) -> None:
    """Tell who drafted a decision that it is given back."""
    if draft.author is not None:
        _send(draft.author.email, FOR_AUTHOR, {"number": case.number}, case.number)


def tell_about_deadlines(clerk: UUID, numbers: Sequence[str]) -> None:
    """One mail about all cases whose warning level has risen, worst first."""
    _send(email_of(clerk), DEADLINES, {"list": _named(numbers)})


def tell_about_unassigned(assigner: UUID, numbers: Sequence[str]) -> None:
    """One mail about all cases of nobody whose warning level has risen, worst first."""
    _send(email_of(assigner), UNASSIGNED, {"list": _named(numbers)})


def tell_about_lapsed(clerk: UUID, numbers: Sequence[str]) -> None:
    """One mail about all cases whose correction did not come in time."""
    _send(email_of(clerk), LAPSED, {"list": _named(numbers)})


def tell_about_released(head: UUID, numbers: Sequence[str]) -> None:
    """One mail about all cases that nobody has in hand any more."""
    _send(email_of(head), RELEASED, {"list": _named(numbers)})


def _named(numbers: Sequence[str]) -> str:
    lines = [f"- {number}" for number in numbers[:MOST_NAMED]]
    if len(numbers) > MOST_NAMED:
        lines.append(gettext("… und %(count)s weitere") % {"count": len(numbers) - MOST_NAMED})
    return "\n".join(lines)


def _send(
    address: str | None,
    notice: Notice,
    facts: Mapping[str, str],
    reference: str = "",
    language: str = SOURCE_LANGUAGE,
    there: str = "",
) -> None:
    if not address:
        return
    with override(language):
        send(
            to=address,
            subject=str(notice.subject) % facts,
            text=f"{str(notice.text) % facts}\n\n{there}".strip(),
            reference=reference,
        )
