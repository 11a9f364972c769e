"""Registers the services domain."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from rathaus.core.domain import Domain, Right, register

EDIT = "services.edit_catalogue"
RIGHTS = (
    Right(EDIT, _("Leistungskatalog bearbeiten")),
    Right("services.publish_forms", _("Formulare veröffentlichen")),
)


class ServicesConfig(AppConfig):
    """The services domain."""

    name = "rathaus.services"

    def ready(self) -> None:
        """Tell the house what this domain offers."""
        from rathaus.services.actions.forgetting import erase  # tables must be known before
        from rathaus.services.queries.personal_data import amend_address, personal_data

        register(
            Domain(
                slug="services",
                name=_("Leistungen"),
                rights=(Right("services.publish_forms", _("Formulare veröffentlichen")),),
                deeds={
                    "services.form_published": _("Ein Formular wurde veröffentlicht"),
                    "services.addresses_loaded": _("Das Adressverzeichnis wurde geladen"),
                    "services.draft_opened": _("Jemand wollte einen fremden Entwurf öffnen"),
                },
                personal_data=personal_data,
                erase=erase,
                amend_address=amend_address,
            )
        )
