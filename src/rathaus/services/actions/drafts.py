"""Drafts: started, saved at every step, taken over at sign-in, thrown away."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from pydantic import JsonValue

from rathaus.accounts.actions import stay_open
from rathaus.core.clock import now, today
from rathaus.core.errors import NotFound
from rathaus.core.transaction import atomic
from rathaus.services.actions.forgetting import delete_drafts
from rathaus.services.draft_access import Knock
from rathaus.services.draft_tokens import hashed
from rathaus.services.form_errors import AlreadySubmitted, SavedElsewhere, TooMuchText
from rathaus.services.forms.compiled import CompiledForm
from rathaus.services.forms.document import Page
from rathaus.services.forms.evaluation import Answers, Evaluation
from rathaus.services.forms.paths import RowChange, with_rows_changed
from rathaus.services.forms.posting import Posted, read_page
from rathaus.services.forms.prefill import prefilled
from rathaus.services.models import Draft, DraftKey
from rathaus.services.queries.addresses import with_listing
from rathaus.services.queries.forms import compiled, found, newest_version, open_drafts

LARGEST_ANSWERS = 1_000_000


@dataclass(frozen=True)
class Rendering:
    """How a page was shown: at which revision of the draft, and in which window."""

    revision: int
    window: str


@dataclass(frozen=True)
class Saved:
    """A draft right after it was saved."""

    draft: Draft
    form: CompiledForm
    evaluation: Evaluation


@atomic
def start_draft(
    *,
    knock: Knock,
    form: str,
    account: Mapping[str, JsonValue],
    anew: bool = False,
) -> UUID:
    """Begin an application on the newest version, or go on with the one already begun.

    `account` is what is known of the person, for prefilling; `anew` throws the older draft away.
    Raises `NotFound` for a form that is not published, and `AccountClosed`.
    """
    stay_open(by=knock.by)
    version = newest_version(form)
    _one_at_a_time(knock, form)
    begun = open_drafts(knock, form).first()
    if begun is not None and not anew:
        _keep_key(begun, knock)
        return begun.pk
    if begun is not None:
        delete_drafts([begun.pk])
    moment = now()
    draft = Draft.objects.create(
        version=version,
        person_id=knock.by.person if knock.by.is_citizen else None,
        answers=prefilled(compiled(version.sha256).document, account),
        started_at=moment,
        saved_at=moment,
    )
    _keep_key(draft, knock)
    return draft.pk


@atomic
def save_page(
    *,
    knock: Knock,
    draft: UUID,
    page: str,
    posted: Posted,
    rendering: Rendering,
    rows: RowChange | None = None,
) -> Saved:
    """Keep what was posted for one page, right or wrong; answers on other pages stay as they are.

    `rows` adds a row to a repeating group or takes one away. Raises `NotFound` for a draft of
    others and for a page that is not shown, `AlreadySubmitted`, `TooMuchText`, and `SavedElsewhere`
    if another window saved different answers to this page meanwhile.
    """
    row = locked(knock, draft)
    form = compiled(row.version.sha256)
    asked = _shown_page(form, row, page)
    mine = with_listing(form.outline, read_page(asked, posted, row.answers))
    _refuse_overwriting(row, page, mine, rendering)
    answers: Answers = {**row.answers, **mine}
    if rows is not None:
        answers = with_rows_changed(form.outline, answers, rows)
    keep_answers(row, answers, page, window=rendering.window)
    return Saved(row, form, form.evaluate(row.answers, today=today()))


@atomic
def claim_draft(*, knock: Knock, draft: UUID) -> None:
    """Make a draft of nobody's the signed-in person's own, whose device holds the key to it.

    Raises `NotFound`, `AccountClosed`.
    """
    stay_open(by=knock.by)
    row = locked(knock, draft)
    if row.person_id is None and knock.by.is_citizen:
        row.person_id = knock.by.person
        row.save(update_fields=["person"])


@atomic
def prove_device(*, knock: Knock, draft: UUID) -> None:
    """Note that this device belongs to somebody who may read the draft."""
    row = found(knock, draft, Draft.objects.all())
    _keep_key(row, knock)


@atomic
def discard_draft(*, knock: Knock, draft: UUID) -> None:
    """Throw a draft away with everything in it. Raises `NotFound`, `AlreadySubmitted`."""
    delete_drafts([locked(knock, draft, to_write=False).pk])


def locked(knock: Knock, draft: UUID, *, to_write: bool = True) -> Draft:
    """The draft, locked until the end of the action. Raises `NotFound`, `AlreadySubmitted`."""
    row = found(knock, draft, Draft.objects.select_for_update(of=("self",)), to_write=to_write)
    if row.submitted_at is not None:
        raise AlreadySubmitted
    return row


def keep_answers(draft: Draft, answers: Answers, page: str, *, window: str = "") -> None:
    """Write the answers under the next revision. Raises `TooMuchText`."""
    if len(json.dumps(answers)) > LARGEST_ANSWERS:
        raise TooMuchText
    draft.answers = answers
    draft.page = page
    draft.revision += 1
    draft.page_marks = {**draft.page_marks, page: [draft.revision, window]}
    draft.saved_at = now()
    draft.save(update_fields=["answers", "page", "revision", "page_marks", "saved_at"])


def _shown_page(form: CompiledForm, draft: Draft, page: str) -> Page:
    if page not in form.evaluate(draft.answers, today=today()).pages:
        raise NotFound
    return next(asked for asked in form.document.pages if asked.id == page)


def _refuse_overwriting(draft: Draft, page: str, mine: Answers, rendering: Rendering) -> None:
    """What was saved later than this window's rendering, and from another window, is not lost."""
    revision, window = draft.page_marks.get(page, [0, ""])
    if revision <= rendering.revision or window == rendering.window:
        return
    if any(draft.answers.get(key) != answer for key, answer in mine.items()):
        raise SavedElsewhere(mine)


def _one_at_a_time(knock: Knock, form: str) -> None:
    """Let a double click find the draft of the first click."""
    who = str(knock.by.person) if knock.by.is_citizen else hashed(knock.device)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{who} {form}"])


def _keep_key(draft: Draft, knock: Knock) -> None:
    if not knock.device:
        return
    DraftKey.objects.update_or_create(
        draft=draft,
        token_hash=hashed(knock.device),
        defaults={"kind": DraftKey.Kind.DEVICE, "proved_at": now()},
    )
