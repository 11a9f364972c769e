"""The commands of `./rathaus`."""

import argparse
import signal
import sys
from importlib import import_module
from types import ModuleType

import psycopg

from rathaus.operate.problem import Problem, problem_of, problem_of_database
from rathaus.operate.progress import say

_COMMANDS = {
    "demo": "die Vorführstadt Lindenfurt auf diesem Rechner öffnen",
    "serve": "für eine echte Stadt öffnen",
    "test": "alles prüfen, auch im Browser",
    "check": "Stil, Typen, Schichten, Migrationen und Sicherheit prüfen",
    "bench": "messen: bench --list zeigt, was",
    "backup": "Datenbank und Dateien sichern",
    "restore": "eine Sicherung zurückspielen und das Ergebnis beweisen",
    "doctor": "nachsehen, was fehlt",
    "import": "Daten übernehmen, die eine Stadt schon hat",
    "manage": "einen Verwaltungsbefehl ausführen",
}
_MODULES = {"test": "testing", "import": "importing"}
_HANDED_ON = ("test", "import", "manage")  # their words are read by another program


def main(arguments: list[str]) -> int:
    """Run one command; what a person can mend is said in one sentence and ends with 1."""
    try:
        return _run(arguments)
    except Problem as problem:
        say(f"\n{problem}")
    except OSError as error:
        say(f"\n{problem_of(error)}")
    except psycopg.Error as error:
        say(f"\n{problem_of_database(error)}")
    except KeyboardInterrupt:
        say("\nAbgebrochen.")
        return 130
    return 1


def _run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./rathaus", description="Das offene digitale Rathaus")
    commands = parser.add_subparsers(dest="command", required=True, metavar="BEFEHL")
    name = arguments[0] if arguments else ""
    if name in _HANDED_ON:
        return int(_module(name).run(arguments[1:]))
    for command, purpose in _COMMANDS.items():
        own = commands.add_parser(command, help=purpose, description=purpose)
        if command == name:
            _module(command).add_arguments(own)
    options = parser.parse_args(arguments)
    return int(_module(options.command).run(options))


def _module(command: str) -> ModuleType:
    return import_module(f"rathaus.operate.{_MODULES.get(command, command)}")


def _end_politely() -> None:
    """Whoever stops the service, or closes the terminal, ends what was begun like Ctrl-C does."""
    for wish in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(wish) is not signal.SIG_IGN:  # `nohup` says that it may go on
            signal.signal(wish, signal.default_int_handler)


if __name__ == "__main__":
    _end_politely()
    sys.exit(main(sys.argv[1:]))
