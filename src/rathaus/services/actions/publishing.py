"""Publishing a form: from then on nobody can change this version."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.clock import now
from rathaus.core.transaction import atomic
from rathaus.services.form_errors import FieldChangedType, PublishedMeanwhile
from rathaus.services.forms.document import FormDocument, as_json, fingerprint
from rathaus.services.forms.loading import from_stored
from rathaus.services.forms.outline import Outline
from rathaus.services.models import FormVersion


@dataclass(frozen=True)
class Published:
    """A version; `is_new` is false if the newest one already said the same."""

    form: str
    number: int
    sha256: str
    is_new: bool


@atomic
def publish_form(*, by: Actor, document: FormDocument, seen: str | None = None) -> Published:
    """Make this document the version with which people start from now on.

    Drafts already begun stay on theirs. Publishing the newest version again changes nothing.
    `seen` is the fingerprint of the version it was compared with (empty: none). Raises
    `NotAllowed`, `FieldChangedType`, and `PublishedMeanwhile` where another one is the newest.
    """
    by.require("services.publish_forms")
    plain = as_json(document)
    sha256 = fingerprint(plain)
    earlier = _versions(document.form)
    newest = earlier[-1].sha256 if earlier else ""
    if newest == sha256:
        return Published(document.form, earlier[-1].number, sha256, is_new=False)
    if seen is not None and seen != newest:
        raise PublishedMeanwhile
    refuse_changed_types(document)
    version = FormVersion(
        form=document.form,
        number=earlier[-1].number + 1 if earlier else 1,
        sha256=sha256,
        service=document.service,
        document=plain,
        published_at=now(),
    )
    _insert(version)
    record(by=by, did="services.form_published", on=version, details={"sha256": sha256})
    return Published(document.form, version.number, sha256, is_new=True)


def _insert(version: FormVersion) -> None:
    try:
        with transaction.atomic():
            version.save(force_insert=True)
    except IntegrityError as error:
        raise PublishedMeanwhile from error


def refuse_changed_types(document: FormDocument) -> None:
    """Raise `FieldChangedType` where a field was something else in any earlier version."""
    types = _types(document)
    for version in _versions(document.form):
        for identifier, kind in _types(from_stored(version.document)).items():
            if types.get(identifier, kind) != kind:
                raise FieldChangedType(
                    _("Das Feld „%(field)s“ war in Fassung %(number)s vom Typ %(kind)s.")
                    % {"field": identifier, "number": version.number, "kind": kind}
                )


def _versions(form: str) -> list[FormVersion]:
    return list(FormVersion.objects.filter(form=form).order_by("number"))


def _types(document: FormDocument) -> dict[str, str]:
    return {place.field.id: place.field.type for place in Outline(document).places}
