"""What editors do with words and services, and how the house notes what was not found."""

import re
from collections.abc import Iterable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F

from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.clock import today
from rathaus.core.errors import NotFound
from rathaus.core.transaction import atomic
from rathaus.services.actions.stamp import move_stamp
from rathaus.services.catalogue_errors import GroupExists, TooFewWords
from rathaus.services.models import SearchMiss, Service, Synonym

RIGHT = "services.edit_catalogue"
MISSES_KEPT = timedelta(days=180)
MOST_WORDS_OF_MISS = 6
LONGEST_MISS = 80
# Whoever types a number or an address of mail may be typing something about themselves.
_PERSONAL = re.compile(r"[\d@]")


@atomic
def add_synonyms(*, by: Actor, words: Iterable[str]) -> Synonym:
    """Keep words that mean the same. Raises `NotAllowed`, `TooFewWords`, `GroupExists`."""
    by.require(RIGHT)
    group = Synonym(words=_distinct(words))
    _save(group)
    move_stamp()
    record(by=by, did="services.synonyms_added", on=group, details={"words": group.words})
    return group


@atomic
def change_synonyms(*, by: Actor, group: int, words: Iterable[str]) -> None:
    """Replace the words of a group. Raises like `add_synonyms`, and `NotFound`."""
    by.require(RIGHT)
    row = _locked(group)
    before, row.words = row.words, _distinct(words)
    _save(row)
    move_stamp()
    details = {"before": before, "words": row.words}
    record(by=by, did="services.synonyms_changed", on=row, details=details)


@atomic
def remove_synonyms(*, by: Actor, group: int) -> None:
    """Forget a group. Raises `NotAllowed`, `NotFound`."""
    by.require(RIGHT)
    row = _locked(group)
    record(by=by, did="services.synonyms_removed", on=row, details={"words": row.words})
    row.delete()
    move_stamp()


@atomic
def show_service(*, by: Actor, slug: str, published: bool) -> None:
    """Show a service in the portal, or hide it. Raises `NotAllowed`, `NotFound`."""
    by.require(RIGHT)
    service = Service.objects.select_for_update().filter(slug=slug).first()
    if service is None:
        raise NotFound
    service.published = published
    service.save(update_fields=["published", "changed_at"])
    move_stamp()
    did = "services.service_shown" if published else "services.service_hidden"
    record(by=by, did=did, on=service)


def note_miss(*, question: str, language: str) -> None:
    """Count a question that found nothing; what may be personal is not kept at all."""
    words = " ".join(question.lower().split())
    if not words or len(words) > LONGEST_MISS or len(words.split()) > MOST_WORDS_OF_MISS:
        return
    if _PERSONAL.search(words):
        return
    known = SearchMiss.objects.filter(question=words, language=language)
    if not known.update(times=F("times") + 1, last_on=today()):
        miss = SearchMiss(question=words, language=language, last_on=today())
        SearchMiss.objects.bulk_create([miss], ignore_conflicts=True)


@atomic
def forget_old_misses() -> int:
    """Drop questions that nobody has asked for half a year; says how many."""
    forgotten, _kinds = SearchMiss.objects.filter(last_on__lt=today() - MISSES_KEPT).delete()
    return forgotten


@atomic
def settle_miss(*, by: Actor, miss: int) -> None:
    """Take a question off the list, because it is answered now. Raises `NotAllowed`, `NotFound`."""
    by.require(RIGHT)
    row = SearchMiss.objects.select_for_update().filter(pk=miss).first()
    if row is None:
        raise NotFound
    record(by=by, did="services.miss_settled", on=row)
    row.delete()


def _distinct(words: Iterable[str]) -> list[str]:
    """Words without blanks around them, each once whatever its capitals, in the order given."""
    given = {word.strip().casefold(): word.strip() for word in words if word.strip()}
    if len(given) < 2:
        raise TooFewWords
    return list(given.values())


def _locked(group: int) -> Synonym:
    row = Synonym.objects.select_for_update().filter(pk=group).first()
    if row is None:
        raise NotFound
    return row


def _save(group: Synonym) -> None:
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError as error:
        raise GroupExists from error
