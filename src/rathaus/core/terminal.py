"""What the house's own programs for the terminal share: mistakes are said in German, line by line,
without names of exceptions, and end with status 1.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from rathaus.core.documents.files import Unreadable
from rathaus.core.documents.source import BadDocument
from rathaus.core.errors import DomainError


class TerminalCommand(BaseCommand):
    """A management command whose refusals are sentences; called from a program, it raises them."""

    _at_the_terminal = False

    def run_from_argv(self, argv: list[str]) -> None:
        """Run with the words of a command line."""
        self._at_the_terminal = True
        super().run_from_argv(argv)

    def execute(self, *args: object, **options: object) -> str | None:
        """Run; at the terminal a refusal is printed as it stands."""
        try:
            return super().execute(*args, **options)
        except CommandError as refusal:
            if not self._at_the_terminal:
                raise
            self.stderr.write(str(refusal))
            sys.exit(refusal.returncode)


@contextmanager
def reading(place: Path) -> Iterator[None]:
    """Say what is wrong about the file, with the line where it is known: a `CommandError`."""
    try:
        yield
    except BadDocument as error:
        lines = (f"{place}: {mistake}" for mistake in error.mistakes)
        raise CommandError("\n".join(lines), returncode=1) from error
    except Unreadable as error:
        raise CommandError(str(error), returncode=1) from error
    except DomainError as error:
        raise CommandError(f"{place}: {error}", returncode=1) from error
