"""Files of a draft: put to a question, taken away again."""

from __future__ import annotations

from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from pydantic import JsonValue

from rathaus.core.clock import today
from rathaus.core.errors import NotFound
from rathaus.core.files import FileRules, store
from rathaus.core.models import StoredFile
from rathaus.core.transaction import atomic
from rathaus.services.actions.drafts import keep_answers, locked
from rathaus.services.draft_access import Knock
from rathaus.services.form_errors import TooManyFiles
from rathaus.services.forms.compiled import CompiledForm
from rathaus.services.forms.fields import FilesField
from rathaus.services.forms.paths import answer_at, identifier_of, with_answer_at
from rathaus.services.forms.posting import rows_of
from rathaus.services.models import Draft, DraftFile
from rathaus.services.queries.forms import compiled

KINDS = {"pdf": ("pdf",), "image": ("jpeg", "png", "webp"), "text": ("docx", "odt")}


def rules_for(field: FilesField) -> FileRules:
    """Which files this question takes."""
    slugs = [slug for kind in field.accept for slug in KINDS[kind]]
    return FileRules.of(slugs, max_bytes=field.max_megabytes * 1024 * 1024)


@atomic
def attach_file(*, knock: Knock, draft: UUID, path: str, upload: UploadedFile[bytes]) -> StoredFile:
    """Check a file, store it and put it to the question at `path` (`lageplan`, `hunde.0.foto`).

    Raises `NotFound` for a question that is not asked, `TooManyFiles`, and what the file store says
    about files that are empty, too large or of another kind.
    """
    row = locked(knock, draft)
    form = compiled(row.version.sha256)
    field = _asked_files(form, row, path)
    files = rows_of(answer_at(row.answers, path))
    if len(files) >= field.max_files:
        raise TooManyFiles
    stored = store(upload, allowed=rules_for(field))
    DraftFile.objects.create(draft=row, stored=stored)
    _keep(form, row, path, [*files, _described(stored)])
    return stored


@atomic
def remove_file(*, knock: Knock, draft: UUID, path: str, file: UUID) -> None:
    """Take a file away from a question; if it is not there, nothing happens."""
    row = locked(knock, draft)
    form = compiled(row.version.sha256)
    _asked_files(form, row, path)
    files = rows_of(answer_at(row.answers, path))
    if not any(known["id"] == str(file) for known in files):
        return
    if DraftFile.objects.filter(draft=row, stored_id=file).delete()[0]:
        StoredFile.objects.filter(pk=file).delete()
    _keep(form, row, path, [known for known in files if known["id"] != str(file)])


def _asked_files(form: CompiledForm, draft: Draft, path: str) -> FilesField:
    place = form.outline.by_id.get(identifier_of(path))
    if place is None or not isinstance(place.field, FilesField):
        raise NotFound
    if path not in form.evaluate(draft.answers, today=today()).visible:
        raise NotFound
    return place.field


def _keep(form: CompiledForm, draft: Draft, path: str, files: list[dict[str, JsonValue]]) -> None:
    """Save without a mark of a window: adding a file overwrites nobody's words."""
    page = form.outline.by_id[identifier_of(path)].page.id
    _, window = draft.page_marks.get(page, [0, ""])
    keep_answers(draft, with_answer_at(draft.answers, path, [*files]), page, window=window)


def _described(stored: StoredFile) -> dict[str, JsonValue]:
    return {
        "id": str(stored.pk),
        "name": stored.name,
        "type": stored.content_type,
        "size": stored.size,
        "sha256": stored.sha256,
    }
