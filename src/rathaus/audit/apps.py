"""Registers the audit domain."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.apps import AppConfig
from django.core.checks import register as register_check
from django.utils.translation import gettext_lazy as _

from rathaus.core.domain import Domain, ExportSection, Health, MenuItem, Right, register


class AuditConfig(AppConfig):
    """The audit domain."""

    name = "rathaus.audit"

    def ready(self) -> None:
        """Tell the house what this domain offers."""
        from rathaus.audit.checks import personal_models_name_their_subject

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
                    MenuItem(_("Wer hat meine Daten angesehen?"), "audit:mine", "eye", order=80),
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

    last = last_examination()
    faults = last.details["faults"] if last else []
    message = _("Das Protokoll ist lückenlos.") if not faults else _("Im Protokoll fehlt etwas.")
    yield Health("audit", not faults, message)
