"""What office and applicant do with a matter, step by step, by the program's own actions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any  # the detail of a step is whatever its deed needs
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from rathaus.cases import actions as casework
from rathaus.cases.decision_faults import DecisionText
from rathaus.cases.decision_texts import proposal
from rathaus.cases.models import Case, CaseContent
from rathaus.cases.phases import Phase
from rathaus.cases.sections import from_json
from rathaus.core.actor import Actor
from rathaus.core.clock import today
from rathaus.demo.lindenfurt.colleagues import Colleagues
from rathaus.demo.lindenfurt.papers import paper
from rathaus.demo.lindenfurt.storytelling import BY_APPLICANT, Matter, Step


@dataclass
class Proceeding:
    """A case on its way: who acts for the office, who decides, who applied, and what is unread."""

    case: UUID
    office: Actor
    head: Actor
    applicant: Actor
    has_news: bool = False

    @property
    def revision(self) -> int:
        """How often the case has changed."""
        return Case.objects.values_list("revision", flat=True).get(pk=self.case)


def proceeding(matter: Matter, case: UUID, colleagues: Colleagues) -> Proceeding:
    """Who has to do with a case that has just come in; some are led by the head of office."""
    department = Case.objects.values_list("department__slug", flat=True).get(pk=case)
    clerk, head = colleagues.clerk(department), colleagues.head(department)
    is_led = any(step.deed == "lead" for step in matter.steps)
    applicant = colleagues.person(matter.who) if matter.who else clerk
    return Proceeding(case, head if is_led else clerk, head, applicant)


def do(step: Step, it: Proceeding) -> None:
    """Let the step happen; the office has read by then what the applicant wrote."""
    if it.has_news and step.deed not in BY_APPLICANT:
        casework.mark_read(by=it.office, case=it.case)
        it.has_news = False
    DEEDS[step.deed](it, step.detail)


def _take(it: Proceeding, detail: None) -> None:
    casework.take(by=it.office, case=it.case)


def _assign(it: Proceeding, detail: None) -> None:
    casework.assign(by=it.head, case=it.case, clerk=it.office.person, seen=it.revision)


def _begin(it: Proceeding, detail: None) -> None:
    casework.set_state(by=it.office, case=it.case, phase=Phase.EXAMINING, seen=it.revision)


def _state(it: Proceeding, slug: str) -> None:
    casework.set_state(
        by=it.office, case=it.case, phase=Phase.EXAMINING, state=slug, seen=it.revision
    )


def _note(it: Proceeding, text: str) -> None:
    casework.write_note(by=it.office, case=it.case, text=text)


def _message(it: Proceeding, text: str) -> None:
    casework.send_message(by=it.office, case=it.case, text=text)


def _reply(it: Proceeding, text: str) -> None:
    casework.mark_read(by=it.applicant, case=it.case)
    casework.send_message(by=it.applicant, case=it.case, text=text)
    it.has_news = True


def _correction(it: Proceeding, wanted: Mapping[str, Any]) -> None:
    casework.request_correction(by=it.office, case=it.case, **wanted, seen=it.revision)


def _answer(it: Proceeding, given: Mapping[str, Any]) -> None:
    uploads = _uploads(given.get("files", ()))
    casework.answer_correction(by=it.applicant, case=it.case, text=given["text"], uploads=uploads)


def _draft(it: Proceeding, wanted: str | Mapping[str, str]) -> None:
    text, seen = _decision(it, wanted)
    casework.save_draft(by=it.office, case=it.case, text=text, seen=seen, is_finished=True)
    casework.submit_draft(by=it.office, case=it.case, seen=it.revision)


def _decide(it: Proceeding, wanted: str | Mapping[str, str]) -> None:
    text, seen = _decision(it, wanted)
    casework.decide(by=it.head, case=it.case, text=text, seen=seen)


def _withdraw(it: Proceeding, why: str) -> None:
    casework.withdraw(by=it.applicant, case=it.case, why=why)


def _close(it: Proceeding, why: str | None) -> None:
    casework.close(by=it.office, case=it.case, seen=it.revision, why=why or "")


DEEDS: Mapping[str, Callable[[Proceeding, Any], None]] = {
    "take": _take,
    "lead": _take,
    "assign": _assign,
    "begin": _begin,
    "state": _state,
    "note": _note,
    "message": _message,
    "reply": _reply,
    "correction": _correction,
    "answer": _answer,
    "draft": _draft,
    "decide": _decide,
    "withdraw": _withdraw,
    "close": _close,
}


def _decision(it: Proceeding, wanted: str | Mapping[str, str]) -> tuple[DecisionText, int]:
    """What the template proposes, with the parts that the story says itself, and the revision."""
    case = Case.objects.select_related("procedure", "department", "applicant").get(pk=it.case)
    said = {"template": wanted} if isinstance(wanted, str) else dict(wanted)
    content = CaseContent.objects.filter(case=case).latest("version")
    template = case.procedure.rules.template(said.pop("template"))
    if template is None:
        raise LookupError(f"{case.procedure.slug} has no such template: {wanted!r}")
    proposed = proposal(case, from_json(content.sections), template, today())
    return replace(proposed, **said), case.revision


def _uploads(names: Sequence[str]) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(name, paper(name)) for name in names]
