"""What editors see of forms: what is published, who is still filling it in, what would change."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from rathaus.cases.queries import has_procedure
from rathaus.core.actor import Actor
from rathaus.core.errors import NotFound
from rathaus.services.forms.difference import Change, changes
from rathaus.services.forms.document import FormDocument, as_json, fingerprint
from rathaus.services.forms.loading import from_stored
from rathaus.services.models import FormVersion

RIGHT = "services.publish_forms"


@dataclass(frozen=True)
class Proposal:
    """A checked document beside what is published; `published` is None for a new form."""

    document: FormDocument
    sha256: str
    published: FormVersion | None
    changes: Sequence[Change]
    has_procedure: bool

    @property
    def is_new(self) -> bool:
        """Whether it says anything that the newest version does not."""
        return self.published is None or self.published.sha256 != self.sha256


def forms_for_editors(by: Actor) -> list[FormVersion]:
    """The newest version of every form, with `open_drafts` of all its versions; `NotAllowed`."""
    by.require(RIGHT)
    of_form = FormVersion.objects.filter(form=OuterRef("form"))
    newest = of_form.order_by("-number").values("pk")[:1]
    unsent = Q(drafts__submitted_at=None, drafts__isnull=False)
    drafts = of_form.order_by().values("form").annotate(count=Count("drafts", filter=unsent))
    rows = FormVersion.objects.filter(pk=Subquery(newest))
    return list(rows.annotate(open_drafts=Subquery(drafts.values("count"))).order_by("form"))


def form_document(by: Actor, form: str, number: int) -> FormDocument:
    """One published version. Raises `NotAllowed`, `NotFound`."""
    by.require(RIGHT)
    found = FormVersion.objects.filter(form=form, number=number).first()
    if found is None:
        raise NotFound
    return from_stored(found.document)


def proposal(by: Actor, document: FormDocument) -> Proposal:
    """A checked document and what it would change. Raises `NotAllowed`."""
    by.require(RIGHT)
    published = _newest(document.form).first()
    before = from_stored(published.document) if published else None
    return Proposal(
        document=document,
        sha256=fingerprint(as_json(document)),
        published=published,
        changes=changes(before, document) if before else (),
        has_procedure=has_procedure(document.service),
    )


def _newest(form: str) -> QuerySet[FormVersion]:
    return FormVersion.objects.filter(form=form).order_by("-number")
