"""Registers the audit domain."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.apps import AppConfig
from django.core.checks import register as register_check
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rathaus.core.domain import Domain, ExportSection, Health, MenuItem, Right, register


class AuditConfig(AppConfig):
    """The audit domain."""

    name = "rathaus.audit"

    def ready(self) -> None:
        """Tell the house what this domain offers."""
        from rathaus.audit.checks import personal_models_name_their_subject
        from rathaus.audit.queries import cards

        register_check(personal_models_name_their_subject)
        register(
            Domain(
                slug="audit",
                name=_("Protokoll"),
                icon="shield",
                rights=(
                    Right("audit.read", _("Protokoll lesen")),
                    Right("audit.export", _("Protokoll herunterladen")),
                ),
                citizen_menu=(
                    MenuItem(
                        _("Wer hat meine Daten angesehen?"),
                        "audit:mine",
                        "eye",
                        order=80,
                        private=True,
                    ),
                ),
                staff_menu=(
                    MenuItem(_("Protokoll"), "audit:records", "shield", "audit.read", order=90),
                ),
                deeds={
                    "access.refused": _("Ein Zugriff wurde abgewiesen"),
                    "audit.exported": _("Das Protokoll wurde ausgegeben"),
                    "audit.taken_over": _(
                        "Anliegen aus einem Gastzugang wurden mit ID Austria übernommen"
                    ),
                    "pages.read": _("Eine Seite mit Ihren Daten wurde angesehen"),
                },
                dashboard=cards,
                personal_data=_personal_data,
                health=_health,
            )
        )


def _personal_data(person: UUID) -> Iterator[ExportSection]:
    from rathaus.audit.queries import all_lines_about

    rows = [vars(line) for line in all_lines_about(person)]
    yield ExportSection(_("Wer hat meine Daten angesehen?"), rows)


def _health() -> Iterable[Health]:
    from rathaus.audit.queries import last_examination

    name = gettext("Protokoll")
    last = last_examination()
    if last is None:
        never = _("Das Protokoll wurde noch nicht nachgerechnet.")
        yield Health(name, ok=None, message=never, instead=_("noch nicht geprüft"))
    elif last.details["faults"]:
        yield Health(name, ok=False, message=_("Im Protokoll fehlt etwas."))
    else:
        yield Health(name, ok=True, message=_("Das Protokoll ist lückenlos."))
