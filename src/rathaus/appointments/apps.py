"""Registers the appointments domain."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from rathaus.core.domain import Domain, LiveNotice, MenuItem, Right, register

RIGHTS = (
    Right("appointments.serve", _("Termine vergeben und Menschen empfangen")),
    Right("appointments.plan", _("Schalter, Angebote und Dienste planen")),
)
DEEDS = {
    "appointments.places_installed": _("Standorte und Terminangebote wurden geändert"),
    "appointments.read": _("Ihr Termin wurde angesehen"),
    "appointments.booked": _("Ein Termin wurde für Sie gebucht"),
    "appointments.confirmed": _("Ihr Termin wurde bestätigt"),
    "appointments.moved": _("Ihr Termin wurde verschoben"),
    "appointments.cancelled": _("Ihr Termin wurde abgesagt"),
    "appointments.arrived": _("Es wurde vermerkt, dass Sie zum Termin gekommen sind"),
    "appointments.finished": _("Ihr Termin hat stattgefunden"),
    "appointments.missed": _("Es wurde vermerkt, dass Sie nicht zum Termin gekommen sind"),
    "appointments.reminded": _("Sie wurden an Ihren Termin erinnert"),
    "appointments.holds_swept": _(
        "Ein vorgemerkter Termin wurde nicht bestätigt und ist verfallen"
    ),
    "appointments.called": _("Sie wurden zum Schalter aufgerufen"),
    "appointments.recalled": _("Sie wurden noch einmal zum Schalter aufgerufen"),
    "appointments.began": _("Das Gespräch am Schalter hat begonnen"),
    "appointments.reopened": _("Das Gespräch am Schalter wurde fortgesetzt"),
    "appointments.parked": _("Ihre Nummer wurde zurückgestellt"),
    "appointments.unparked": _("Ihre Nummer wartet wieder"),
    "appointments.forwarded": _("Sie wurden an eine andere Stelle weitergeleitet"),
    "appointments.left": _("Es wurde vermerkt, dass Sie gegangen sind"),
    "appointments.help_called": _("An einem Schalter wurde Hilfe gerufen"),
    "appointments.help_answered": _("Ein Hilferuf an einem Schalter wurde angenommen"),
    "appointments.help_closed": _("Ein Hilferuf an einem Schalter wurde abgeschlossen"),
    "appointments.help_noted": _("Zu einem Hilferuf wurde eine Notiz geschrieben"),
    "appointments.help_unanswered": _("Ein Hilferuf ohne Antwort wurde gemeldet"),
    "appointments.help_terms_set": _("Die Regel für Hilferufe wurde geändert"),
    "appointments.video_terms_set": _("Die Einstellung für Videotermine wurde geändert"),
    "appointments.kiosk_admitted": _("Ein Gerät wurde als Automat zugelassen"),
    "appointments.kiosks_reset": _("Alle Geräte wurden als Automaten abgemeldet"),
    "appointments.guests_forgotten": _("Kontakte früherer Gäste wurden gelöscht"),
    "appointments.asked_to_move": _(
        "Sie wurden gebeten, für Ihren Termin eine andere Zeit zu wählen"
    ),
    "appointments.hours_saved": _("Eine Öffnungszeit wurde eingetragen oder geändert"),
    "appointments.hours_ended": _("Eine Öffnungszeit wurde beendet"),
    "appointments.duty_saved": _("Ein Dienst wurde eingetragen oder geändert"),
    "appointments.duty_ended": _("Ein Dienst wurde beendet"),
    "appointments.closure_saved": _("Eine Schließung wurde eingetragen oder geändert"),
    "appointments.closure_removed": _("Eine Schließung wurde aufgehoben"),
    "appointments.absence_saved": _("Eine Abwesenheit wurde eingetragen oder geändert"),
    "appointments.absence_removed": _("Eine Abwesenheit wurde entfernt"),
    "appointments.skill_saved": _("Eine Fähigkeit wurde eingetragen oder umbenannt"),
    "appointments.skills_set": _("Die Fähigkeiten einer Person wurden geändert"),
    "appointments.quotas_set": _("Die Kontingente eines Standorts wurden geändert"),
    "appointments.counter_saved": _("Ein Schalter wurde eingetragen oder geändert"),
    "appointments.offer_saved": _("Ein Terminangebot wurde eingetragen oder geändert"),
    "appointments.taken_over": _("Ihr Termin wurde aus einem Gastzugang übernommen"),
    "appointments.waitlist_joined": _("Sie haben sich auf die Warteliste gesetzt"),
    "appointments.waitlist_confirmed": _("Ihr Platz auf der Warteliste wurde bestätigt"),
    "appointments.waitlist_offered": _("Ihnen wurde ein früherer Termin angeboten"),
    "appointments.waitlist_taken": _("Der angebotene frühere Termin wurde genommen"),
    "appointments.waitlist_declined": _("Der angebotene frühere Termin wurde abgelehnt"),
    "appointments.waitlist_unanswered": _(
        "Auf das Angebot eines früheren Termins kam keine Antwort"
    ),
    "appointments.waitlist_left": _("Ihr Platz auf der Warteliste wurde aufgegeben"),
    "appointments.waitlist_outdated": _("Ihr Platz auf der Warteliste ist abgelaufen"),
}


class AppointmentsConfig(AppConfig):
    """The appointments domain."""

    name = "rathaus.appointments"

    def ready(self) -> None:
        """Tell the house what this domain offers."""
        from rathaus.appointments.facts import case_facts, next_steps
        from rathaus.appointments.queries.dashboard import cards
        from rathaus.appointments.queries.personal_data import matters, personal_data
        from rathaus.appointments.service_facts import service_facts
        from rathaus.appointments.views.help import shown as open_help_calls

        register(
            Domain(
                slug="appointments",
                name=_("Termine"),
                icon="calendar",
                rights=RIGHTS,
                deeds=DEEDS,
                citizen_menu=(
                    MenuItem(_("Termine"), "appointments:choose", icon="calendar", order=25),
                    MenuItem(
                        _("Meine Termine"),
                        "appointments:mine",
                        icon="clock",
                        order=35,
                        private=True,
                    ),
                ),
                staff_menu=(
                    MenuItem(
                        _("Schalter"),
                        "appointments:counter",
                        icon="ticket",
                        right="appointments.serve",
                        order=30,
                    ),
                    MenuItem(
                        _("Empfang"),
                        "appointments:desk",
                        icon="people",
                        right="appointments.serve",
                        order=31,
                    ),
                    MenuItem(
                        _("Termin vergeben"),
                        "appointments:give",
                        icon="phone",
                        right="appointments.serve",
                        order=31,
                    ),
                    MenuItem(
                        _("Kalender"),
                        "appointments:calendar",
                        icon="calendar",
                        right="appointments.serve",
                        order=32,
                    ),
                    MenuItem(
                        _("Planung"),
                        "appointments:planning",
                        icon="settings",
                        right="appointments.plan",
                        order=33,
                    ),
                ),
                live_notices=(
                    LiveNotice(
                        right="appointments.serve",
                        line="appointments:help_line",
                        part="appointments:help_part",
                        shown=open_help_calls,
                    ),
                ),
                dashboard=cards,
                personal_data=personal_data,
                matters=matters,
                case_facts=case_facts,
                next_steps=next_steps,
                service_facts=service_facts,
            )
        )
