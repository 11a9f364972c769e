"""What people say when they join the waitlist: where and when an earlier time would suit."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from rathaus.appointments.actions import Whom
from rathaus.appointments.forms import ContactForm
from rathaus.appointments.models.places import WEEKDAYS
from rathaus.appointments.models.waitlist import DAY_PARTS
from rathaus.appointments.queries.offers import locations
from rathaus.appointments.waitlist_order import DayPart, Suits
from rathaus.core.localized import localize

TYPED = ["%d.%m.%Y", "%Y-%m-%d"]
SHOWN = "%d.%m.%Y"
WORKING_DAYS = 5
HOURS_BEFORE = (2, 24, 48)
DAYS_AHEAD = 56


def _hours() -> list[tuple[int, Any]]:
    text = ngettext_lazy("%(hours)d Stunde vorher", "%(hours)d Stunden vorher", "hours")
    return [(hours, text % {"hours": hours}) for hours in HOURS_BEFORE]


class SuitsForm(forms.Form):
    """Where and when somebody could come, with what is usual filled in."""

    orte = forms.MultipleChoiceField(label=_("Wo?"), widget=forms.CheckboxSelectMultiple)
    von = forms.DateField(
        label=_("Frühestens am"), input_formats=TYPED, widget=forms.DateInput(format=SHOWN)
    )
    bis = forms.DateField(
        label=_("Spätestens am"), input_formats=TYPED, widget=forms.DateInput(format=SHOWN)
    )
    tage = forms.TypedMultipleChoiceField(
        label=_("An welchen Tagen?"),
        coerce=int,
        choices=WEEKDAYS[:WORKING_DAYS],
        widget=forms.CheckboxSelectMultiple,
    )
    zeiten = forms.MultipleChoiceField(
        label=_("Zu welcher Tageszeit?"), choices=DAY_PARTS, widget=forms.CheckboxSelectMultiple
    )
    vorher = forms.TypedChoiceField(
        label=_("Wie kurzfristig können Sie kommen?"),
        help_text=_("So lange vorher sagen wir Ihnen mindestens Bescheid."),
        coerce=int,
        choices=_hours,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, place: str, today: date, last: date | None, **kwargs: Any):
        self.last = last or today + timedelta(days=DAYS_AHEAD)
        places = [(found.slug, localize(found.name)) for found in locations()]
        usual: dict[str, object] = {
            "orte": [place] if place else [slug for slug, _name in places],
            "von": today,
            "bis": self.last,
            "tage": list(range(WORKING_DAYS)),
            "zeiten": [DayPart.MORNING.value, DayPart.AFTERNOON.value, DayPart.EVENING.value],
            "vorher": HOURS_BEFORE[1],
        }
        super().__init__(*args, **kwargs)
        self.initial = usual
        where = self.fields["orte"]
        if isinstance(where, forms.MultipleChoiceField):
            where.choices = places

    def suits(self) -> Suits:
        """What was said, for the action."""
        said = self.cleaned_data
        return Suits(
            earliest=said["von"],
            latest=min(said["bis"], self.last),
            weekdays=frozenset(said["tage"]),
            parts=frozenset(map(DayPart, said["zeiten"])),
            notice_hours=said["vorher"],
        )


class GuestSuitsForm(ContactForm, SuitsForm):
    """The same for somebody who is not signed in, and says who they are."""

    field_order = ("orte", "von", "bis", "tage", "zeiten", "vorher", "name", "email", "phone")

    def whom(self) -> Whom:
        """Who waits."""
        said = self.cleaned_data
        return Whom(name=said["name"], email=said["email"], phone=said["phone"])
