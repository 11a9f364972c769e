"""`python -m rathaus …` runs Django's management commands under DJANGO_SETTINGS_MODULE."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Entry point; without a profile named, the embedded one."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rathaus.config.settings.embedded")
    execute_from_command_line([os.environ.get("RATHAUS_PROGRAM", "rathaus"), *sys.argv[1:]])


if __name__ == "__main__":
    main()
