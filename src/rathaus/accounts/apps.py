"""Registers the accounts domain."""

from django.apps import AppConfig
from django.core.checks import Tags
from django.core.checks import register as register_check
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from rathaus.core.domain import Domain, MenuItem, Right, register


class AccountsConfig(AppConfig):
    """The accounts domain."""

    name = "rathaus.accounts"

    def ready(self) -> None:
        """Tell the house what this domain offers; refuse to start with the demo's doors in
        production.
        """
        from rathaus.accounts import actions, queries
        from rathaus.accounts.administration import MANAGE
        from rathaus.accounts.checks import demo_stays_out_of_production
        from rathaus.accounts.second_factor import connect_to_allauth
        from rathaus.accounts.security_log import connect_to_django

        connect_to_allauth()
        connect_to_django()
        register(
            Domain(
                slug="accounts",
                name=_("Personen und Rollen"),
                rights=(Right(MANAGE, _("Personen und Rollen verwalten")),),
                staff_menu=(
                    MenuItem(_("Personen"), "accounts:people", "people", MANAGE, order=800),
                    MenuItem(_("Rollen"), "accounts:roles", "key", MANAGE, order=810),
                    MenuItem(_("Mein Zugang"), "accounts:own_access", "lock", order=900),
                ),
                dashboard=queries.cards,
                personal_data=queries.personal_data,
                erase=actions.erase,
                deeds=DEEDS,
            )
        )
        register_check(demo_stays_out_of_production, Tags.security)
        # A web server runs no checks: it must not start either.
        problems = demo_stays_out_of_production(None)
        if problems:
            raise ImproperlyConfigured("; ".join(problem.msg for problem in problems))


DEEDS = {
    "accounts.city_founded": _("Stadt, Abteilungen und Rollen eingerichtet"),
    "accounts.invited": _("Zugang zum Arbeitsplatz eingerichtet"),
    "accounts.role_given": _("Rolle vergeben"),
    "accounts.role_taken": _("Rolle entzogen"),
    "accounts.deactivated": _("Zugang gesperrt"),
    "accounts.reactivated": _("Zugang wieder geöffnet"),
    "accounts.sessions_ended": _("Überall abgemeldet"),
    "accounts.second_factor_reset": _("Zweiter Faktor zurückgesetzt"),
    "accounts.password_chosen": _("Passwort gewählt"),
    "accounts.erased": _("Ihre Angaben zur Person wurden gelöscht"),
    "accounts.role_added": _("Rolle angelegt"),
    "accounts.rights_changed": _("Rechte einer Rolle geändert"),
    "accounts.group_granted": _("Gruppe des Verzeichnisses zugeordnet"),
    "accounts.group_withdrawn": _("Zuordnung einer Gruppe aufgehoben"),
}
