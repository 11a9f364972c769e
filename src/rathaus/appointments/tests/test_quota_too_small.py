"""A share that is shorter than one appointment gives none, on days without any use too."""

from datetime import date

import pytest

from rathaus.appointments import actions
from rathaus.appointments.actions import Whom
from rathaus.appointments.errors import QuotaExhausted
from rathaus.appointments.models import Location, Offer, Quota, QuotaUse
from rathaus.appointments.queries import free_slots, next_free
from rathaus.appointments.tests.conftest import at, want
from rathaus.core.actor import Actor

pytestmark = pytest.mark.django_db
MONDAY, FRIDAY = date(2026, 9, 14), date(2026, 9, 18)
EIGHT = at("2026-09-14", "08:00")


def test_what_would_be_refused_is_not_shown(offer: Offer, location: Location, clerk: Actor) -> None:
    Quota.objects.create(location=location, channel="phone", share=7)  # 33 of 480 minutes
    wanted = want(channel="phone")

    assert free_slots(wanted, first=MONDAY, last=FRIDAY).starts() == []
    assert next_free(wanted, EIGHT) == []
    assert free_slots(want(), first=MONDAY, last=FRIDAY).starts(), "other channels have theirs"
    with pytest.raises(QuotaExhausted):
        actions.book(by=clerk, wanted=wanted, begins_at=EIGHT, whom=Whom(name="Ida Ruf"))


def test_only_the_days_that_are_used_up_go(offer: Offer, location: Location, clerk: Actor) -> None:
    Quota.objects.create(location=location, channel="phone", share=8)  # 38 of 480 minutes
    tuesday = at("2026-09-15", "09:00")
    wanted = want(channel="phone")
    actions.book(by=clerk, wanted=wanted, begins_at=tuesday, whom=Whom(name="Ida Ruf"))

    by_day = free_slots(wanted, first=MONDAY, last=FRIDAY).by_day()

    assert [day.day for day in by_day] == [14, 16, 17, 18]
    assert len(by_day[MONDAY]) == len(by_day[FRIDAY]) == 42  # 8:00 to 11:25, every five minutes
    assert QuotaUse.objects.get().phone == 35
