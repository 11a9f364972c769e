"""Registers the cases domain."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rathaus.core.domain import Domain, MenuItem, Right, register

CASES = pgettext_lazy("mehrere", "Anliegen")
RIGHTS = (
    Right("cases.read", _("Anliegen lesen")),
    Right("cases.handle", _("Anliegen bearbeiten")),
    Right("cases.assign", _("Anliegen zuteilen")),
    Right("cases.decide", _("Entscheidungen erlassen")),
    Right("cases.configure", _("Verfahren einrichten")),
)
DEEDS = {
    "cases.read": _("Ihr Anliegen wurde angesehen"),
    "cases.file_read": _("Eine Datei Ihres Anliegens wurde geöffnet"),
    "cases.inbox": _("Ihr Anliegen stand in der Liste der Abteilung"),
    "cases.dashboard": _("Ihr Anliegen stand in der Übersicht der Abteilung"),
    "cases.opened": _("Ihr Anliegen ist eingelangt"),
    "cases.deadlines_swept": _("Die Fristen wurden nachgesehen"),
    "cases.corrections_lapsed": _("Die Zeit für eine Ergänzung ist verstrichen"),
    "cases.procedures_installed": _("Ein Verfahren wurde eingerichtet"),
    "cases.amended": _("Angaben in Ihrem Anliegen wurden geändert"),
    "cases.assigned": _("Ihr Anliegen wurde zugeteilt"),
    "cases.forwarded": _("Ihr Anliegen wurde an die zuständige Abteilung weitergeleitet"),
    "cases.state": _("Der Status Ihres Anliegens wurde geändert"),
    "cases.note": _("Zu Ihrem Anliegen wurde etwas notiert"),
    "cases.message": _("Zu Ihrem Anliegen wurde eine Nachricht geschrieben"),
    "cases.correction_requested": _("Zu Ihrem Anliegen wurde eine Ergänzung verlangt"),
    "cases.correction_extended": _("Die Frist für Ihre Ergänzung wurde erstreckt"),
    "cases.correction_received": _("Ihre Ergänzung ist eingelangt"),
    "cases.decision_drafted": _("Zu Ihrem Anliegen wurde eine Entscheidung entworfen"),
    "cases.decision_submitted": _("Der Entwurf einer Entscheidung wurde zur Genehmigung vorgelegt"),
    "cases.decision_returned": _("Der Entwurf einer Entscheidung wurde zurückgegeben"),
    "cases.decided": _("Über Ihr Anliegen wurde entschieden"),
    "cases.document_added": _("Ein Dokument wurde zu Ihrem Anliegen gelegt"),
    "cases.withdrawn": _("Ihr Anliegen wurde zurückgezogen"),
    "cases.taken_over": _("Ihr Anliegen wurde aus einem Gastzugang übernommen"),
    "cases.closed": _("Ihr Anliegen wurde abgeschlossen"),
}


class CasesConfig(AppConfig):
    """The cases domain."""

    name = "rathaus.cases"

    def ready(self) -> None:
        """Tell the house what this domain offers."""
        from rathaus.cases.queries.dashboard import cards
        from rathaus.cases.queries.finding import applicant_of, case_address, numbers_in_hand
        from rathaus.cases.queries.mine import own_matters
        from rathaus.cases.queries.personal_data import matters, personal_data

        register(
            Domain(
                slug="cases",
                name=CASES,
                icon="case",
                rights=RIGHTS,
                deeds=DEEDS,
                citizen_menu=(
                    MenuItem(
                        _("Meine Anliegen"), "cases:mine", icon="folder", order=30, private=True
                    ),
                ),
                staff_menu=(
                    MenuItem(_("Übersicht"), "cases:dashboard", icon="home", order=10),
                    MenuItem(CASES, "cases:inbox", icon="inbox", right="cases.read", order=20),
                ),
                dashboard=cards,
                case_address=case_address,
                applicant=applicant_of,
                personal_data=personal_data,
                own_matters=own_matters,
                in_hand=numbers_in_hand,
                matters=matters,
            )
        )
