"""The matters of Lindenfurt's people, brought in and handled by the program's own actions."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from django.core.files.uploadedfile import SimpleUploadedFile

from rathaus.accounts.queries import actor_by_id
from rathaus.cases import actions as casework
from rathaus.cases.decision_faults import DecisionText
from rathaus.cases.decision_texts import proposal
from rathaus.cases.models import Case, CaseContent
from rathaus.cases.sections import Row, Section, from_json
from rathaus.core.actor import Actor
from rathaus.core.clock import now, today
from rathaus.core.transaction import atomic
from rathaus.demo.lindenfurt.papers import paper
from rathaus.demo.lindenfurt.people import person_id
from rathaus.services.actions.draft_files import attach_file
from rathaus.services.actions.drafts import start_draft
from rathaus.services.actions.submitting import submit
from rathaus.services.draft_access import Knock
from rathaus.services.models import Draft

Entry = Mapping[str, Any]
MATTERS = Path(__file__).parent / "matters.yaml"
LABELS = {
    "chip": "Chipnummer",
    "fuer-name": "Name auf der Urkunde",
    "gaeste": "Gäste",
    "gruende": "Gründe",
    "grund-text": "Begründung",
    "preis": "Bezahlter Preis",
}


@atomic
def load() -> None:
    """Bring everything in, once: a house that has matters keeps them."""
    if Case.objects.exists():
        return
    matters = yaml.safe_load(MATTERS.read_text(encoding="utf-8"))
    for entry in matters["paper"]:
        _write_down(entry)
    for entry in matters["online"]:
        _handle(_bring_in(entry), entry)


def _write_down(entry: Entry) -> None:
    """A matter that came on paper, recorded by a clerk under the day on which it came in."""
    clerk = _actor(entry["clerk"])
    rows = tuple(
        Row(label=_label(key), value=value, key=key) for key, value in entry["rows"].items()
    )
    case = casework.open_case(
        by=clerk,
        procedure=entry["procedure"],
        title=entry["title"],
        applicant=person_id(entry["who"]),
        sections=[Section("Angaben", rows)],
        submitted_at=now() - timedelta(days=entry["days_ago"]),
        origin="paper",
    )
    if entry["take"]:
        casework.take(by=clerk, case=case.id)


def _bring_in(entry: Entry) -> UUID:
    """A matter that its applicant filled in online."""
    knock = Knock(by=_actor(entry["who"]))
    draft = start_draft(knock=knock, form=entry["form"], account={}, anew=True)
    answers = {
        key: today().isoformat() if value == "today" else value
        for key, value in entry["answers"].items()
    }
    Draft.objects.filter(pk=draft).update(answers=answers)
    for path, name in entry.get("files", {}).items():
        attach_file(
            knock=knock, draft=draft, path=path, upload=SimpleUploadedFile(name, paper(name))
        )
    return submit(knock=knock, draft=draft).case_id


def _handle(case: UUID, entry: Entry) -> None:
    for step in entry["steps"]:
        name, value = next(iter(step.items())) if isinstance(step, dict) else (step, None)
        HANDLING[name](_actor(entry["clerk"]), _actor(entry["head"]), case, value)


def _take(clerk: Actor, head: Actor, case: UUID, value: None) -> None:
    casework.take(by=clerk, case=case)


def _message(clerk: Actor, head: Actor, case: UUID, text: str) -> None:
    casework.send_message(by=clerk, case=case, text=text)


def _note(clerk: Actor, head: Actor, case: UUID, text: str) -> None:
    casework.write_note(by=clerk, case=case, text=text)


def _correction(clerk: Actor, head: Actor, case: UUID, wanted: Mapping[str, Any]) -> None:
    casework.request_correction(
        by=clerk, case=case, text=wanted["text"], items=wanted["items"], seen=_revision(case)
    )


def _draft(clerk: Actor, head: Actor, case: UUID, template: str) -> None:
    casework.save_draft(
        by=clerk, case=case, text=_proposed(case, template), seen=_revision(case), is_finished=True
    )
    casework.submit_draft(by=clerk, case=case, seen=_revision(case))


def _decide(clerk: Actor, head: Actor, case: UUID, template: str) -> None:
    casework.decide(by=head, case=case, text=_proposed(case, template), seen=_revision(case))


HANDLING: Mapping[str, Callable[[Actor, Actor, UUID, Any], None]] = {
    "take": _take,
    "message": _message,
    "note": _note,
    "correction": _correction,
    "draft": _draft,
    "decide": _decide,
}


def _proposed(case: UUID, template: str) -> DecisionText:
    row = Case.objects.select_related("procedure", "department", "applicant").get(pk=case)
    content = CaseContent.objects.filter(case=row).latest("version")
    chosen = row.procedure.rules.template(template)
    if chosen is None:
        raise LookupError(f"{row.procedure.slug} has no decision template {template!r}")
    return proposal(row, from_json(content.sections), chosen, today())


def _revision(case: UUID) -> int:
    return Case.objects.get(pk=case).revision


def _actor(slug: str) -> Actor:
    return actor_by_id(person_id(slug))


def _label(key: str) -> str:
    return LABELS.get(key, key.capitalize())
