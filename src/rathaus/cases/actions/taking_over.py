"""A guest's case becomes the case of the citizen who has proved who they are."""

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from rathaus.accounts.events import MattersTakenOver
from rathaus.accounts.queries import actor_by_id
from rathaus.cases.actions.changing import write_down
from rathaus.cases.actions.naming import name_applicant
from rathaus.cases.actions.notices import tell_clerk
from rathaus.cases.models import Case, CaseStep
from rathaus.cases.models.about_case import AboutCase
from rathaus.cases.phases import Phase, is_open
from rathaus.cases.queries.finding import case_rows
from rathaus.core.actor import Actor
from rathaus.core.localized import SOURCE_LANGUAGE
from rathaus.core.transaction import atomic


@atomic
def take_over_cases(event: MattersTakenOver) -> None:
    """Make these cases of the guest the citizen's, under the name that the eID proves.

    What was filed and who wrote what stays as it was; the history keeps the name given before.
    """
    by = actor_by_id(event.citizen)
    theirs = case_rows().filter(applicant=event.guest, number__in=event.references)
    for case in theirs.select_for_update(of=("self",)).order_by("pk"):
        _take_over(case, event.citizen, by)


def _take_over(case: Case, citizen: UUID, by: Actor) -> None:
    claimed = "" if case.name_confirmed else case.applicant_name
    case.applicant_id = citizen
    name_applicant(case, "", case.applicant_address)
    for model in AboutCase.__subclasses__():
        model._base_manager.filter(case=case).update(subject_id=citizen)
    write_down(
        case,
        by=by,
        kind=CaseStep.Kind.TAKEN_OVER,
        did="cases.taken_over",
        text="" if claimed == case.applicant_name else _named_before(claimed),
    )
    if is_open(Phase(case.phase)):
        tell_clerk(case)


def _named_before(name: str) -> str:
    with override(SOURCE_LANGUAGE):
        return _("Im Antrag genannt: %(name)s") % {"name": name} if name else ""
