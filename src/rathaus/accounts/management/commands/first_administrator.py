"""Lets the first administrator into a new installation; everybody else is invited by them."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from rathaus.accounts import actions
from rathaus.core.terminal import TerminalCommand


class Command(TerminalCommand):
    """`first_administrator EMAIL GIVEN_NAME FAMILY_NAME ADDRESS_OF_THE_HOUSE`."""

    help = "Lädt die erste Person ein, die Personen und Rollen verwalten darf."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who it is, and where the house stands on the web."""
        parser.add_argument("email")
        parser.add_argument("given_name")
        parser.add_argument("family_name")
        parser.add_argument("house_address", help="zum Beispiel https://rathaus.example/")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the person and mail the link; refuse where somebody administers already."""
        try:
            actions.invite_first_administrator(
                email=options["email"],
                given_name=options["given_name"],
                family_name=options["family_name"],
                house_address=options["house_address"],
            )
        except actions.AdministratorExists as error:
            raise CommandError(str(error.message)) from error
        self.stdout.write("Die Einladung ist unterwegs.")
