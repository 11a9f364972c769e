"""What planners type; whether it makes sense, the actions say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.forms import BoundField
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from rathaus.appointments.actions.planning.absences import Away
from rathaus.appointments.actions.planning.closures import Closed
from rathaus.appointments.actions.planning.duties import AtCounter
from rathaus.appointments.actions.planning.hours import Open
from rathaus.appointments.actions.planning.offers import OfferFacts
from rathaus.appointments.actions.planning.places import CounterFacts
from rathaus.appointments.actions.planning.weekly_rows import Times
from rathaus.appointments.models.places import CHANNELS, KINDS, WEEKDAYS
from rathaus.appointments.time_off import TimeOff
from rathaus.core.localized import Localized

TYPED = ["%Y-%m-%d", "%d.%m.%Y"]
LONGEST_NAME, LONGEST_TEXT = 80, 500
MOST_MINUTES, A_WEEK = 480, 7 * 24 * 60
Choices = Sequence[tuple[Any, Any]]
Names = Sequence[str]
Rows = Sequence[Names]


class DayField(forms.DateField):
    """A day, chosen or typed."""

    def __init__(self, **options: Any) -> None:
        wrong = _("Bitte geben Sie ein Datum ein, zum Beispiel 24.12.2026.")
        super().__init__(
            input_formats=TYPED,
            widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            error_messages={"required": wrong, "invalid": wrong},
            **options,
        )


class ClockField(forms.TimeField):
    """A time by the clock on the wall."""

    def __init__(self, **options: Any) -> None:
        wrong = _("Bitte geben Sie eine Uhrzeit ein, zum Beispiel 13:30.")
        super().__init__(
            input_formats=["%H:%M", "%H.%M"],
            widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
            error_messages={"required": wrong, "invalid": wrong},
            **options,
        )


class NumberField(forms.IntegerField):
    """A number within bounds."""

    def __init__(self, *, least: int, most: int, **options: Any) -> None:
        text = _("Bitte geben Sie eine Zahl von {least} bis {most} ein.")
        wrong = format_lazy(text, least=least, most=most)
        messages = dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong)
        super().__init__(min_value=least, max_value=most, error_messages=messages, **options)


class PlanForm(forms.Form):
    """A form in rows of fields beside each other; `stand` says what the page showed."""

    stand = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    beside: Rows = ()

    def rows(self) -> Iterable[list[BoundField]]:
        """The fields that are seen, those beside each other together."""
        together = {name: names for names in self.beside for name in names}
        for field in self.visible_fields():
            names = together.get(field.name, (field.name,))
            if field.name == names[0]:
                yield [self[name] for name in names if name in self.fields]

    @property
    def seen(self) -> str:
        """What the page showed."""
        return str(self.cleaned_data["stand"])

    def choose(self, name: str, choices: Choices, *, ask: bool = True) -> None:
        """What may be chosen for a field; `ask` begins with a request to choose."""
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            first: Choices = [("", _("Bitte wählen"))] if ask else []
            field.choices = [*first, *choices]


def _localized(de: str, en: str) -> Localized:
    """A text in the languages in which there is one."""
    return {language: text for language, text in (("de", de), ("en", en)) if text}


class TimeOffForm(PlanForm):
    """From which day until which, perhaps by the clock."""

    first = DayField(label=_("Erster Tag"))
    last = DayField(label=_("Letzter Tag"))
    starts = ClockField(
        label=_("Ab (Uhrzeit am ersten Tag)"), required=False, help_text=_("Leer: ganzer Tag")
    )
    ends = ClockField(
        label=_("Bis (Uhrzeit am letzten Tag)"), required=False, help_text=_("Leer: ganzer Tag")
    )
    beside: Rows = (("first", "last"), ("starts", "ends"))

    def during(self) -> TimeOff:
        """When."""
        said = self.cleaned_data
        return TimeOff(said["first"], said["last"], said["starts"], said["ends"])


class ClosureForm(TimeOffForm):
    """What is closed when, and why."""

    counter = forms.TypedChoiceField(
        label=_("Was ist geschlossen?"), required=False, coerce=int, empty_value=None
    )
    reason_de = forms.CharField(
        label=_("Grund auf Deutsch"),
        max_length=LONGEST_TEXT,
        help_text=_("Steht in E-Mails an Menschen mit Termin, zum Beispiel „Wegen Umbau“."),
    )
    reason_en = forms.CharField(
        label=_("Grund auf Englisch"), max_length=LONGEST_TEXT, required=False
    )
    field_order: Names = ("counter", "first", "last", "starts", "ends", "reason_de", "reason_en")
    beside: Rows = (*TimeOffForm.beside, ("reason_de", "reason_en"))

    def closed(self, location: int) -> Closed:
        """What was said, for the action."""
        said = self.cleaned_data
        reason = _localized(said["reason_de"], said["reason_en"])
        return Closed(location, said["counter"], self.during(), reason)


class AbsenceForm(TimeOffForm):
    """Who is away when."""

    person = forms.TypedChoiceField(
        label=_("Wer ist abwesend?"),
        coerce=UUID,
        error_messages={"required": _("Bitte wählen Sie eine Person.")},
    )
    field_order: Names = ("person", "first", "last", "starts", "ends")

    def away(self) -> Away:
        """What was said, for the action."""
        return Away(self.cleaned_data["person"], self.during())


class TimesForm(PlanForm):
    """Hours that come back every week, from a day on."""

    starts = ClockField(label=_("Von"))
    ends = ClockField(label=_("Bis"))
    valid_from = DayField(label=_("Gilt ab"))
    valid_until = DayField(
        label=_("Gilt bis"), required=False, help_text=_("Leer: bis auf Weiteres")
    )
    beside: Rows = (("starts", "ends"), ("valid_from", "valid_until"))

    def times(self) -> Times:
        """What was said, for the action."""
        said = self.cleaned_data
        return Times(said["starts"], said["ends"], said["valid_from"], said["valid_until"])


def _weekdays() -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        label=_("Wochentage"),
        coerce=int,
        choices=WEEKDAYS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Bitte wählen Sie mindestens einen Wochentag.")},
    )


class HoursForm(TimesForm):
    """When a location is open, and for whom."""

    channels = forms.MultipleChoiceField(
        label=_("Für wen?"),
        choices=CHANNELS,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Wer so kommt oder bucht, kann diese Zeit bekommen."),
        error_messages={"required": _("Bitte wählen Sie mindestens einen Weg.")},
    )

    def open(self) -> Open:
        """What was said, for the action."""
        return Open(self.times(), self.cleaned_data["channels"])


class NewHoursForm(HoursForm):
    """The same on several weekdays at once."""

    weekdays = _weekdays()
    field_order: Names = ("weekdays", "starts", "ends", "channels", "valid_from", "valid_until")


class DutyForm(TimesForm):
    """Who is at which counter when."""

    person = forms.TypedChoiceField(
        label=_("Wer?"),
        coerce=UUID,
        error_messages={"required": _("Bitte wählen Sie eine Person.")},
    )
    counter = forms.TypedChoiceField(
        label=_("An welchem Schalter?"),
        coerce=int,
        error_messages={"required": _("Bitte wählen Sie einen Schalter.")},
    )
    field_order: Names = ("person", "counter", "starts", "ends", "valid_from", "valid_until")
    beside: Rows = (("person", "counter"), *TimesForm.beside)

    def duty(self) -> AtCounter:
        """What was said, for the action."""
        said = self.cleaned_data
        return AtCounter(said["person"], said["counter"], self.times())


class NewDutyForm(DutyForm):
    """The same on several weekdays at once."""

    weekdays = _weekdays()
    field_order: Names = ("person", "counter", "weekdays", "starts", "ends", "valid_from")


class EndForm(PlanForm):
    """The last day on which something weekly still holds."""

    last = DayField(label=_("Letzter Tag"))


class SkillForm(PlanForm):
    """What something that one must be able to do is called."""

    name_de = forms.CharField(label=_("Name auf Deutsch"), max_length=LONGEST_NAME)
    name_en = forms.CharField(label=_("Name auf Englisch"), max_length=LONGEST_NAME, required=False)
    beside: Rows = (("name_de", "name_en"),)

    def name(self) -> Localized:
        """What was said, for the action."""
        return _localized(self.cleaned_data["name_de"], self.cleaned_data["name_en"])


class SkillsForm(PlanForm):
    """What somebody is able to do."""

    skills = forms.TypedMultipleChoiceField(
        label=_("Kann"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )


class QuotasForm(PlanForm):
    """Which share of a day each channel may have at most."""

    online = NumberField(label=_("online, in Prozent"), least=0, most=100, required=False)
    phone = NumberField(label=_("telefonisch, in Prozent"), least=0, most=100, required=False)
    walk_in = NumberField(label=_("vor Ort, in Prozent"), least=0, most=100, required=False)
    beside: Rows = (("online", "phone", "walk_in"),)

    def shares(self) -> dict[str, int]:
        """The limits of those channels that have one."""
        said = {channel: self.cleaned_data[channel] for channel, _label in CHANNELS}
        return {channel: share for channel, share in said.items() if share is not None}


class CounterForm(PlanForm):
    """What is said of a counter."""

    number = NumberField(label=_("Nummer"), least=1, most=999)
    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    kind = forms.ChoiceField(
        label=_("Wie trifft man sich hier?"), choices=KINDS, widget=forms.RadioSelect
    )
    active = forms.BooleanField(label=_("Hier gibt es Termine"), required=False, initial=True)
    beside: Rows = (("number", "name"),)

    def facts(self) -> CounterFacts:
        """What was said, for the action."""
        said = self.cleaned_data
        return CounterFacts(said["number"], said["name"], said["kind"], said["active"])


class OfferForm(PlanForm):
    """What people can book."""

    title_de = forms.CharField(label=_("Titel auf Deutsch"), max_length=LONGEST_NAME)
    title_en = forms.CharField(
        label=_("Titel auf Englisch"), max_length=LONGEST_NAME, required=False
    )
    advice_de = forms.CharField(
        label=_("Was mitzubringen ist, auf Deutsch"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    advice_en = forms.CharField(
        label=_("Was mitzubringen ist, auf Englisch"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    minutes = NumberField(label=_("Minuten für die erste Person"), least=1, most=MOST_MINUTES)
    further_minutes = NumberField(
        label=_("Minuten je weiterer Person"), least=0, most=MOST_MINUTES, initial=0
    )
    max_persons = NumberField(label=_("Höchstens Personen"), least=1, most=20, initial=1)
    buffer_minutes = NumberField(
        label=_("Minuten danach frei"),
        least=0,
        most=MOST_MINUTES,
        initial=0,
        help_text=_("Zum Nachbereiten"),
    )
    step_minutes = NumberField(
        label=_("Beginn alle … Minuten"), least=1, most=MOST_MINUTES, initial=5
    )
    lead_minutes = NumberField(
        label=_("Vorlauf in Minuten"),
        least=0,
        most=A_WEEK * 4,
        initial=60,
        help_text=_("So lange vorher muss man buchen"),
    )
    horizon_days = NumberField(label=_("Tage im Voraus buchbar"), least=1, most=400, initial=56)
    hold_minutes = NumberField(label=_("Minuten zum Bestätigen"), least=1, most=24 * 60, initial=15)
    open_limit = NumberField(label=_("Offene Termine je Person"), least=1, most=20, initial=2)
    kinds = forms.MultipleChoiceField(
        label=_("Wie trifft man sich?"),
        choices=KINDS,
        widget=forms.CheckboxSelectMultiple,
        initial=["in_person"],
        error_messages={"required": _("Bitte wählen Sie mindestens eine Art.")},
    )
    skill = forms.TypedChoiceField(
        label=_("Was man dafür können muss"), coerce=int, empty_value=None, required=False
    )
    service_slug = forms.SlugField(
        label=_("Leistung im Katalog"),
        required=False,
        max_length=50,
        help_text=_("Der Kurzname aus der Adresse der Leistung, zum Beispiel hund-anmelden"),
        error_messages={"invalid": _("Ein Kurzname hat nur Buchstaben, Ziffern und Bindestriche.")},
    )
    active = forms.BooleanField(
        label=_("Kann gebucht werden"),
        required=False,
        initial=True,
        help_text=_("Ohne Häkchen bleiben vergebene Termine, neue gibt es keine."),
    )
    beside: Rows = (
        ("title_de", "title_en"),
        ("advice_de", "advice_en"),
        ("minutes", "further_minutes", "max_persons"),
        ("buffer_minutes", "step_minutes", "lead_minutes"),
        ("horizon_days", "hold_minutes", "open_limit"),
        ("skill", "service_slug"),
    )

    def facts(self) -> OfferFacts:
        """What was said, for the action."""
        said = dict(self.cleaned_data)
        title = _localized(said.pop("title_de"), said.pop("title_en"))
        advice = _localized(said.pop("advice_de"), said.pop("advice_en"))
        skill = said.pop("skill")
        for name in ("stand", "slug"):
            said.pop(name, None)
        return OfferFacts(title=title, advice=advice, skill_id=skill, **said)


class NewOfferForm(OfferForm):
    """The same with a short name that stays."""

    slug = forms.SlugField(
        label=_("Kurzname"),
        max_length=50,
        help_text=_("Steht in Adressen und bleibt, zum Beispiel reisepass"),
        error_messages={"invalid": _("Ein Kurzname hat nur Buchstaben, Ziffern und Bindestriche.")},
    )
    field_order: Names = ("title_de", "title_en", "slug")
