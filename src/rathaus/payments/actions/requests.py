"""Requests of programs that are answered once: said again, the same bytes come back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from http import HTTPStatus
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from rathaus.core.actor import Actor
from rathaus.core.clock import now
from rathaus.core.errors import Invalid, NotAllowed
from rathaus.core.transaction import atomic
from rathaus.payments.actions.paying import KeyUsed
from rathaus.payments.models import IdempotencyKey

KEPT = timedelta(days=30)
LONGEST_KEY = 64


class BadKey(Invalid):
    """No key, or none that could be kept."""

    status = 400
    message = _("Der Kopf Idempotency-Key fehlt oder ist länger als 64 Zeichen.")


@dataclass(frozen=True)
class Reply:
    """What went over the wire."""

    status: int
    body: bytes


def answered_once(*, by: Actor, key: str, asked: bytes, answer: Callable[[], Reply]) -> Reply:
    """The kept reply to this key, else what `answer` says; only what succeeded is kept.

    Of several at once, the first that is kept is everybody's reply. Raises `NotAllowed` for whoever
    is not signed in, `BadKey`, and `KeyUsed` if the key came with other bytes.
    """
    if by.person is None:
        raise NotAllowed
    if not key or len(key) > LONGEST_KEY or not key.isprintable():
        raise BadKey
    fingerprint = sha256(asked).hexdigest()
    known = _known(by.person, key, fingerprint)
    if known is not None:
        return known
    reply = answer()
    if reply.status >= HTTPStatus.BAD_REQUEST:
        return reply
    return _kept(by.person, key, fingerprint, reply)


@atomic
def _kept(person: UUID, key: str, fingerprint: str, reply: Reply) -> Reply:
    row = IdempotencyKey(
        person_id=person,
        key=key,
        fingerprint=fingerprint,
        status=reply.status,
        body=reply.body,
        made_at=now(),
    )
    IdempotencyKey.objects.bulk_create([row], ignore_conflicts=True)
    return _known(person, key, fingerprint) or reply


def _known(person: UUID, key: str, fingerprint: str) -> Reply | None:
    row = IdempotencyKey.objects.filter(person=person, key=key).first()
    if row is None:
        return None
    if row.fingerprint != fingerprint:
        raise KeyUsed
    return Reply(row.status, bytes(row.body))


def forget_old_requests() -> int:
    """Drop what was answered a month ago; how many."""
    old = IdempotencyKey.objects.filter(made_at__lt=now() - KEPT)
    deleted, _by_table = old.delete()
    return deleted
