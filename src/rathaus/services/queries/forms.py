"""Reads forms, drafts and applications; a draft is only ever found through who may open it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.db.models import Q, QuerySet

from rathaus.cases.queries import awaiting_correction
from rathaus.core.actor import Actor
from rathaus.core.clock import now
from rathaus.core.errors import Attempt, NotFound
from rathaus.core.localized import Localized
from rathaus.services.draft_access import LINK_LASTS, Knock
from rathaus.services.draft_tokens import hashed
from rathaus.services.form_errors import SignedOut
from rathaus.services.forms.compiled import CompiledForm
from rathaus.services.forms.loading import from_stored
from rathaus.services.models import Application, Draft, DraftFile, DraftKey, FormVersion

MOST_DRAFTS = 50


@lru_cache(maxsize=256)
def compiled(sha256: str) -> CompiledForm:
    """The form of that fingerprint, ready to be evaluated; compiled once in each process."""
    version = FormVersion.objects.filter(sha256=sha256).first()
    if version is None:
        raise NotFound
    return CompiledForm(from_stored(version.document))


@lru_cache(maxsize=1024)
def version(number: int) -> FormVersion:
    """A version by its primary key, without its document; read once, since it never changes."""
    return FormVersion.objects.defer("document").get(pk=number)


def newest_version(form: str) -> FormVersion:
    """The version with which people start today, without its document. Raises `NotFound`."""
    versions = FormVersion.objects.filter(form=form).defer("document")
    newest = versions.order_by("-number").first()
    if newest is None:
        raise NotFound
    return newest


def published_version(form: str, number: int) -> FormVersion:
    """One version with its document. Raises `NotFound`."""
    version = FormVersion.objects.filter(form=form, number=number).first()
    if version is None:
        raise NotFound
    return version


def published_forms() -> frozenset[str]:
    """The slugs of all forms that can be filled in."""
    return frozenset(FormVersion.objects.values_list("form", flat=True).distinct())


def draft_for(knock: Knock, draft: UUID) -> Draft:
    """A draft that this person may read. Raises `NotFound`; what was tried is noted."""
    return found(knock, draft, Draft.objects.all())


def found(knock: Knock, draft: UUID, drafts: QuerySet[Draft], *, to_write: bool = False) -> Draft:
    """The draft among these with its version, if the knock opens it.

    Raises `NotFound`, and of its kinds `SignedOut` where signing in again may open it.
    """
    row = knock.proofs(drafts).filter(pk=draft).first()
    if row is None:
        raise NotFound
    if not knock.opens(row, to_write=to_write):
        if knock.misses_its_person(row):
            raise SignedOut
        about = [row.person_id] if row.person_id else []
        raise NotFound(attempted=Attempt("services.draft_opened", "draft", str(draft), about=about))
    row.version = version(row.version_id)
    return row


def open_drafts(knock: Knock, form: str) -> QuerySet[Draft]:
    """Drafts of a form that this person has begun and not sent, newest first."""
    drafts = Draft.objects.filter(version__form=form, submitted_at=None, amends=None)
    return knock.own(drafts).order_by("-saved_at")


@dataclass(frozen=True)
class DraftRow:
    """An unfinished application as a list shows it."""

    draft: UUID
    title: Localized
    saved_at: datetime


def unfinished(knock: Knock) -> Sequence[DraftRow]:
    """What somebody has begun here and can still send, newest first, in two queries."""
    drafts = knock.own(Draft.objects.filter(submitted_at=None))
    rows = drafts.select_related("version", "amends").defer("version__document", "amends__answers")
    newest = rows.order_by("-saved_at")[:MOST_DRAFTS]
    amended = {draft.amends.case_id for draft in newest if draft.amends}
    awaited = awaiting_correction(by=knock.by, cases=amended)
    return [
        DraftRow(draft.pk, compiled(draft.version.sha256).document.title, draft.saved_at)
        for draft in newest
        if draft.amends is None or draft.amends.case_id in awaited
    ]


def application_of(draft: Draft) -> Application:
    """What became of a submitted draft. Raises `NotFound` while it is not submitted."""
    application = Application.objects.select_related("version").filter(draft=draft).first()
    if application is None:
        raise NotFound
    return application


def newest_application(actor: Actor, case: UUID) -> Application:
    """What this person last submitted in a case. Raises `NotFound`; what was tried is noted."""
    applications = Application.objects.filter(case_id=case).select_related("version")
    newest = applications.order_by("-submitted_at").first()
    if newest is None or not actor.is_citizen or newest.person_id != actor.person:
        about = [newest.person_id] if newest else []
        raise NotFound(attempted=Attempt("services.draft_opened", "case", str(case), about=about))
    return newest


def has_application(case: UUID) -> bool:
    """Whether a case came in through a form."""
    return Application.objects.filter(case_id=case).exists()


def resume_links(token: str) -> QuerySet[DraftKey]:
    """The link of this token, if it may still be used."""
    return DraftKey.objects.filter(
        kind=DraftKey.Kind.LINK,
        token_hash=hashed(token),
        used_at=None,
        proved_at__gt=now() - LINK_LASTS,
        draft__submitted_at=None,
    )


def draft_opened_before(knock: Knock, token: str) -> UUID | None:
    """The draft behind a link that may be used up, if it is open to this person anyway."""
    links = DraftKey.objects.filter(kind=DraftKey.Kind.LINK, token_hash=hashed(token))
    drafts = knock.proofs(Draft.objects.filter(pk__in=links.values("draft")))
    return next((row.pk for row in drafts if knock.opens(row)), None)


def draft_file(draft: Draft, file: UUID) -> DraftFile:
    """A file of the draft, or of the application that it amends. Raises `NotFound`."""
    own = Q(draft=draft)
    if draft.amends is not None:
        own |= Q(draft__application__case_id=draft.amends.case_id)
    row = DraftFile.objects.select_related("stored").filter(own, stored_id=file).first()
    if row is None:
        raise NotFound
    return row
