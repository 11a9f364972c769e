"""Find a Chromium for the browser tests."""

import os
import shutil
from pathlib import Path

HOW_TO_GET_CHROMIUM = (
    "Chromium fehlt: sudo apt install chromium, oder CHROMIUM=/pfad/zu/chromium setzen, "
    "oder .venv/bin/playwright install chromium"
)
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """`$CHROMIUM`, then the PATH, then the one that Playwright keeps."""
    named = os.environ.get("CHROMIUM")
    found = [named] if named else [path for path in map(shutil.which, _NAMES) if path]
    kept = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache/ms-playwright"))
    found += [str(path) for path in sorted(kept.glob("chromium-*/chrome-linux*/chrome"))]
    return next((path for path in found if os.access(path, os.X_OK)), None)
