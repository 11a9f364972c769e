"""Fingerprints of the trail and the proofs against them, as `verify.py` reads them."""

from datetime import UTC
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _lazy

from rathaus.audit import chain
from rathaus.audit.merkle import consistency_path, inclusion_path
from rathaus.audit.models import Entry, Root
from rathaus.audit.succession import trail_of
from rathaus.audit.trees import hashes_of
from rathaus.core.errors import Conflict, NotFound


class NotSealedYet(Conflict):
    """The entry is younger than the newest fingerprint."""

    message = _lazy(
        "Der Beweis ist in wenigen Minuten verfügbar. Bitte versuchen Sie es dann noch einmal."
    )


def published_roots(limit: int = 31) -> list[Root]:
    """The fingerprints of the last days, the newest first."""
    return list(Root.objects.exclude(published_on=None).order_by("-published_on")[:limit])


def roots_document() -> dict[str, Any]:
    """Every published fingerprint and the newest one, as `verify.py` reads them."""
    newest = Root.objects.order_by("-size", "-at").first()
    published = Root.objects.exclude(published_on=None).order_by("size", "published_on")
    roots = list(published) + ([newest] if newest and newest.published_on is None else [])
    return {"hash": "SHA-256, RFC 6962", "roots": [_root(root) for root in roots]}


def _root(root: Root) -> dict[str, Any]:
    return {
        "size": root.size,
        "root": root.fingerprint,
        "at": root.at.astimezone(UTC).isoformat(),
        "published_on": root.published_on.isoformat() if root.published_on else None,
    }


def proof_of(seq: int, *, reader: UUID) -> dict[str, Any]:
    """The proof that an entry about `reader` is in the newest fingerprint, as `verify.py` reads it.

    Raises `NotFound` for an entry about others, `NotSealedYet` for one that is too young.
    """
    entry = Entry.objects.filter(trail_of(reader).entries, seq=seq).first()
    if entry is None:
        raise NotFound
    root = Root.objects.filter(size__gte=seq).order_by("-size", "-at").first()
    if root is None:
        raise NotSealedYet
    path = hashes_of(inclusion_path(seq - 1, root.size))
    content = entry.content
    return {
        "entry": {
            **chain.open_part(content),
            "sealed": chain.seal(content),
            "previous": bytes(entry.previous).hex(),
        },
        "path": [it.hex() for it in path],
        **_root(root),
    }


def growth_proof(old: int, new: int) -> dict[str, Any]:
    """The proof that the fingerprint of `new` entries only adds to that of `old`.

    Raises `NotFound` unless there are fingerprints of both sizes.
    """
    roots = {root.size: root for root in Root.objects.filter(size__in=[old, new])}
    if not 0 < old <= new or len(roots) < len({old, new}):
        raise NotFound
    path = hashes_of(consistency_path(old, new))
    return {"old": _root(roots[old]), "new": _root(roots[new]), "path": [it.hex() for it in path]}
