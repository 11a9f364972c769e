"""What a wish for one or several offers needs: time, skills, and the house's terms for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


class NotTogether(ValueError):
    """These offers cannot be had in one appointment."""


class TooManyPersons(ValueError):
    """More people than the offer named takes at once."""


@dataclass(frozen=True, slots=True)
class Wish:
    """An offer, and for how many people."""

    offer: str
    persons: int = 1


@dataclass(frozen=True, slots=True)
class Terms:
    """What an offer says of itself; times in minutes."""

    offer: str
    minutes: int
    further_minutes: int = 0
    max_persons: int = 1
    buffer_minutes: int = 0
    step_minutes: int = 5
    lead_minutes: int = 0
    horizon_days: int = 56
    hold_minutes: int = 15
    open_limit: int = 2
    kinds: frozenset[str] = frozenset({"in_person"})
    skill: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """What one appointment for all wishes needs; times in minutes."""

    minutes: int
    buffer_minutes: int
    step_minutes: int
    lead_minutes: int
    horizon_days: int
    hold_minutes: int
    persons: int
    kinds: frozenset[str]
    skills: frozenset[str]

    @property
    def whole_minutes(self) -> int:
        """With the minutes that stay free afterwards."""
        return self.minutes + self.buffer_minutes


def need_of(wishes: Sequence[Wish], terms: Mapping[str, Terms], *, kind: str = "") -> Need:
    """Durations add up; of everything else the strictest of the offers' terms holds.

    With a `kind`, people meet that way or not at all.

    Raises `KeyError` for an unknown offer, `TooManyPersons`, and `NotTogether` where no kind of
    meeting suits all offers, one is named twice, or none is named.
    """
    chosen = [terms[wish.offer] for wish in wishes]
    if not chosen or len({wish.offer for wish in wishes}) < len(wishes):
        raise NotTogether
    for wish, offer in zip(wishes, chosen, strict=True):
        if not 1 <= wish.persons <= offer.max_persons:
            raise TooManyPersons(wish.offer)
    kinds = frozenset.intersection(*(offer.kinds for offer in chosen))
    if kind:
        kinds &= {kind}
    if not kinds:
        raise NotTogether
    return Need(
        minutes=sum(map(_minutes, wishes, chosen)),
        buffer_minutes=max(offer.buffer_minutes for offer in chosen),
        step_minutes=min(offer.step_minutes for offer in chosen),
        lead_minutes=max(offer.lead_minutes for offer in chosen),
        horizon_days=min(offer.horizon_days for offer in chosen),
        hold_minutes=min(offer.hold_minutes for offer in chosen),
        persons=max(wish.persons for wish in wishes),
        kinds=kinds,
        skills=frozenset(offer.skill for offer in chosen if offer.skill),
    )


def _minutes(wish: Wish, offer: Terms) -> int:
    return offer.minutes + offer.further_minutes * (wish.persons - 1)
