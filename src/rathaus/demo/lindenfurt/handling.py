"""What office and applicant do with a matter, step by step, by the program's own actions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any  # the detail of a step is whatever its deed needs
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from rathaus.cases import actions as casework
from rathaus.cases.decision_faults import DecisionText
from rathaus.cases.decision_texts import proposal
from rathaus.cases.models import Case, CaseContent, Message
from rathaus.cases.phases import Phase
from rathaus.cases.sections import from_json
from rathaus.core.actor import ANONYMOUS, Actor
from rathaus.core.clock import today
from rathaus.demo.lindenfurt.colleagues import Colleagues
from rathaus.demo.lindenfurt.papers import paper
from rathaus.demo.lindenfurt.storytelling import BY_APPLICANT, Step


@dataclass(frozen=True)
class Scene:
    """A case as it stands, who acts for the office, and who does if it is the applicant's turn."""

    case: Case
    office: Actor
    head: Actor
    applicant: Actor


def do(step: Step, case: UUID, who: str, colleagues: Colleagues) -> None:
    """Let the step happen; the office has read by then what the applicant (`who`) wrote."""
    row = Case.objects.select_related("procedure", "department", "applicant").get(pk=case)
    head = colleagues.head(row.department.slug)
    is_led = row.assigned_to_id == head.person
    office = head if is_led else colleagues.clerk(row.department.slug)
    is_applicants_turn = step.deed in BY_APPLICANT
    if not is_applicants_turn and _has_news(case):
        casework.mark_read(by=office, case=case)
    applicant = colleagues.person(who) if is_applicants_turn else ANONYMOUS
    DEEDS[step.deed](Scene(row, office, head, applicant), step.detail)


def _has_news(case: UUID) -> bool:
    to_office = Message.objects.filter(case=case, direction=Message.Direction.TO_OFFICE)
    return to_office.filter(read_at=None).exists()


def _take(scene: Scene, detail: None) -> None:
    casework.take(by=scene.office, case=scene.case.pk)


def _lead(scene: Scene, detail: None) -> None:
    casework.take(by=scene.head, case=scene.case.pk)


def _assign(scene: Scene, detail: None) -> None:
    casework.assign(
        by=scene.head, case=scene.case.pk, clerk=scene.office.person, seen=scene.case.revision
    )


def _begin(scene: Scene, detail: None) -> None:
    casework.set_state(
        by=scene.office, case=scene.case.pk, phase=Phase.EXAMINING, seen=scene.case.revision
    )


def _state(scene: Scene, slug: str) -> None:
    is_new = scene.case.phase != Phase.EXAMINING
    casework.set_state(
        by=scene.office,
        case=scene.case.pk,
        phase=Phase.EXAMINING if is_new else None,
        state=slug,
        seen=scene.case.revision,
    )


def _note(scene: Scene, text: str) -> None:
    casework.write_note(by=scene.office, case=scene.case.pk, text=text)


def _message(scene: Scene, text: str) -> None:
    casework.send_message(by=scene.office, case=scene.case.pk, text=text)


def _reply(scene: Scene, text: str) -> None:
    casework.mark_read(by=scene.applicant, case=scene.case.pk)
    casework.send_message(by=scene.applicant, case=scene.case.pk, text=text)


def _correction(scene: Scene, wanted: Mapping[str, Any]) -> None:
    casework.request_correction(
        by=scene.office, case=scene.case.pk, **wanted, seen=scene.case.revision
    )


def _answer(scene: Scene, given: Mapping[str, Any]) -> None:
    casework.answer_correction(
        by=scene.applicant,
        case=scene.case.pk,
        text=given["text"],
        uploads=_uploads(given.get("files", ())),
    )


def _draft(scene: Scene, wanted: str | Mapping[str, str]) -> None:
    text = _decision(scene.case, {"template": wanted} if isinstance(wanted, str) else wanted)
    seen = scene.case.revision
    casework.save_draft(by=scene.office, case=scene.case.pk, text=text, seen=seen, is_finished=True)
    casework.submit_draft(by=scene.office, case=scene.case.pk, seen=seen + 1)


def _decide(scene: Scene, wanted: str | Mapping[str, str]) -> None:
    text = _decision(scene.case, {"template": wanted} if isinstance(wanted, str) else wanted)
    casework.decide(by=scene.head, case=scene.case.pk, text=text, seen=scene.case.revision)


def _withdraw(scene: Scene, why: str) -> None:
    casework.withdraw(by=scene.applicant, case=scene.case.pk, why=why)


def _close(scene: Scene, why: str | None) -> None:
    casework.close(by=scene.office, case=scene.case.pk, seen=scene.case.revision, why=why or "")


DEEDS: Mapping[str, Callable[[Scene, Any], None]] = {
    "take": _take,
    "lead": _lead,
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


def _decision(case: Case, wanted: Mapping[str, str]) -> DecisionText:
    """What the template proposes, with the parts that the story says itself."""
    content = CaseContent.objects.filter(case=case).latest("version")
    template = case.procedure.rules.template(wanted["template"])
    if template is None:
        raise LookupError(f"{case.procedure.slug} has no template {wanted['template']!r}")
    proposed = proposal(case, from_json(content.sections), template, today())
    return replace(proposed, **{part: is_ for part, is_ in wanted.items() if part != "template"})


def _uploads(names: Sequence[str]) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(name, paper(name)) for name in names]
