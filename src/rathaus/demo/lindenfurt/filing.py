"""How matters come in: filled in online by their applicant, or on paper and typed in by a clerk."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from rathaus.cases import actions as casework
from rathaus.cases import sections as filed
from rathaus.cases.actions import Attachment, Row, Section
from rathaus.cases.models import Procedure
from rathaus.cases.routing import department_for
from rathaus.core.actor import ANONYMOUS
from rathaus.core.clock import today
from rathaus.core.files import store
from rathaus.demo.lindenfurt.colleagues import Colleagues
from rathaus.demo.lindenfurt.papers import paper
from rathaus.demo.lindenfurt.people import person_id
from rathaus.demo.lindenfurt.storytelling import Matter
from rathaus.services.actions.draft_files import attach_file
from rathaus.services.actions.drafts import start_draft
from rathaus.services.actions.submitting import sections_of, submit
from rathaus.services.draft_access import Knock
from rathaus.services.forms.prefill import prefilled
from rathaus.services.forms.sheet import sheet
from rathaus.services.models import Draft
from rathaus.services.queries.forms import compiled, newest_version, published_forms

SCAN = "Antrag eingescannt.pdf"
DEVICE = "a device that nobody has"


def file(matter: Matter, colleagues: Colleagues) -> UUID:
    """Bring the matter in; the id of its case."""
    if matter.on_paper:
        return _write_down(matter, colleagues)
    return _send(matter, colleagues)


def _send(matter: Matter, colleagues: Colleagues) -> UUID:
    """As its applicant does it: a draft, its answers, its files, sent."""
    knock = Knock(colleagues.person(matter.who)) if matter.who else Knock(ANONYMOUS, DEVICE)
    draft = start_draft(knock=knock, form=matter.procedure, account=matter.account, anew=True)
    row = Draft.objects.select_related("version").get(pk=draft)
    row.answers = {**row.answers, **matter.answers}
    row.save(update_fields=["answers"])
    asked = compiled(row.version.sha256).evaluate(row.answers, today=today()).visible
    for question, name in matter.files.items():
        if question in asked:
            upload = SimpleUploadedFile(name, paper(name))
            attach_file(knock=knock, draft=draft, path=question, upload=upload)
    return submit(knock=knock, draft=draft).case_id


def _write_down(matter: Matter, colleagues: Colleagues) -> UUID:
    """As a clerk types it in from the paper, which is scanned."""
    sections = list(_typed_in(matter))
    procedure = Procedure.objects.select_related("department").get(slug=matter.procedure)
    scan = store(paper(SCAN), name=SCAN)
    case = casework.open_case(
        by=colleagues.clerk(_department(procedure, sections)),
        procedure=procedure,
        title=matter.title or _form_title(matter.procedure),
        applicant=person_id(matter.who),
        sections=sections,
        files=[Attachment(scan.pk, SCAN)],
        submitted_at=matter.filed_at,
        origin="paper",
    )
    return case.id


def _department(procedure: Procedure, sections: Sequence[Section]) -> str:
    rules = procedure.rules
    return department_for(filed.answers(sections), rules.routing_rules(), rules.department)


def _typed_in(matter: Matter) -> Iterator[Section]:
    if matter.rows:
        labels = _labels(matter.procedure)
        rows = [
            Row(label=labels.get(key) or _in_words(key), value=value, key=key)
            for key, value in matter.rows.items()
        ]
        yield Section("Aus dem Antrag auf Papier", tuple(rows))
    else:
        form = compiled(newest_version(matter.procedure).sha256)
        answers = {**prefilled(form.document, matter.account), **matter.answers}
        yield from sections_of(sheet(form.outline, form.evaluate(answers, today=today()), "de"))


def _form_title(form: str) -> str:
    return compiled(newest_version(form).sha256).document.title["de"]


def _labels(procedure: str) -> Mapping[str, str]:
    """What its form, if it has one, calls each question."""
    if procedure not in published_forms():
        return {}
    asked = compiled(newest_version(procedure).sha256).outline.by_id
    return {key: place.field.label["de"] for key, place in asked.items()}


def _in_words(key: str) -> str:
    words = key.replace("-", " ")
    return words[:1].upper() + words[1:]
