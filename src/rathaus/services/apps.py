"""Registers the services domain."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from rathaus.core.domain import Domain, MenuItem, Right, register

EDIT = "services.edit_catalogue"
PUBLISH = "services.publish_forms"
RIGHTS = (
    Right(EDIT, _("Leistungskatalog bearbeiten")),
    Right(PUBLISH, _("Formulare veröffentlichen")),
)


class ServicesConfig(AppConfig):
    """The services domain."""

    name = "rathaus.services"

    def ready(self) -> None:
        """Tell the house what this domain offers."""
        from rathaus.services.actions.forgetting import erase  # tables must be known before
        from rathaus.services.queries.dashboard import cards
        from rathaus.services.queries.personal_data import (
            amend_address,
            begun,
            matters,
            personal_data,
        )

        register(
            Domain(
                slug="services",
                name=_("Leistungen"),
                rights=RIGHTS,
                citizen_menu=(
                    MenuItem(_("Leistungen A–Z"), "services:a_to_z", icon="list", order=10),
                    MenuItem(_("Lebenslagen"), "services:life_situations", icon="family", order=20),
                    MenuItem(_("Ämter"), "services:offices", icon="office", order=70),
                ),
                staff_menu=(
                    MenuItem(_("Katalog"), "services:edit_services", "book", EDIT, order=300),
                    MenuItem(_("Formulare"), "services:edit_forms", "document", PUBLISH, order=310),
                ),
                deeds={
                    "services.catalogue_imported": _("Der Leistungskatalog wurde übernommen"),
                    "services.service_shown": _("Eine Leistung wurde veröffentlicht"),
                    "services.service_hidden": _("Eine Leistung wurde verborgen"),
                    "services.synonyms_added": _("Gleiche Wörter wurden eingetragen"),
                    "services.synonyms_changed": _("Gleiche Wörter wurden geändert"),
                    "services.synonyms_removed": _("Gleiche Wörter wurden gelöscht"),
                    "services.miss_settled": _("Eine Suche ohne Treffer wurde erledigt"),
                    "services.form_published": _("Ein Formular wurde veröffentlicht"),
                    "services.addresses_loaded": _("Das Adressverzeichnis wurde geladen"),
                    "services.grant_reserved": _("Eine Förderung wurde reserviert"),
                    "services.grant_released": _("Eine reservierte Förderung wurde freigegeben"),
                    "services.grants_imported": _("Fördertöpfe wurden übernommen"),
                    "services.grant_total_set": _("Die Summe eines Fördertopfs wurde gesetzt"),
                    "services.draft_opened": _("Jemand wollte einen fremden Entwurf öffnen"),
                },
                dashboard=cards,
                personal_data=personal_data,
                erase=erase,
                amend_address=amend_address,
                begun=begun,
                matters=matters,
            )
        )
