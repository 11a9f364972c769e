"""What every test finds ready: PostgreSQL, a web server, a real browser.

Without `DATABASE_URL` the suite starts an embedded server of its own in a temporary folder.
"""

import atexit
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest
import time_machine
from django.conf import settings
from django.db import connections
from django.db.backends.postgresql.operations import DatabaseOperations
from django.utils import translation
from playwright.sync_api import Browser, Page, sync_playwright

from rathaus.config.database import database_from_url
from rathaus.operate.chromium import HOW_TO_GET_CHROMIUM, find_chromium
from rathaus.operate.postgres import cluster_in, running

# How long an example takes says nothing on a machine that does other things as well.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")

PageOpener = Callable[..., Page]
PICTURES = Path(os.environ.get("RATHAUS_PICTURES", "var/pictures"))
TALLEST = 1500  # pixels of a picture

_started = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Make sure of a database; worker processes of a parallel run share the one of their parent."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's event loop runs in this thread
    _flush_despite_append_only_tables()
    if hasattr(config, "workerinput"):
        return
    home = Path(os.environ["RATHAUS_HOME"])
    if home.name.startswith("rathaus-test-"):  # made by the test profile for this process
        atexit.register(shutil.rmtree, home, ignore_errors=True)
    if "DATABASE_URL" not in os.environ:
        folder = Path(_started.enter_context(tempfile.TemporaryDirectory(prefix="rathaus-test-")))
        cluster = cluster_in(folder, forgetful=True)
        _started.enter_context(running(cluster, folder / "log"))
        os.environ["DATABASE_URL"] = cluster.url(database="postgres")
        address = database_from_url(os.environ["DATABASE_URL"], home=folder)
        settings.DATABASES["default"] |= {key: address[key] for key in ("NAME", "USER", "HOST")}


def pytest_unconfigure() -> None:
    """Stop what `pytest_configure` started."""
    _started.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by what they use, so that `-m database` is always right."""
    for item in items:
        names: list[str] = getattr(item, "fixturenames", [])
        if "browser" in names:
            item.add_marker("browser")
        if "db" in names or "transactional_db" in names or item.get_closest_marker("django_db"):
            item.add_marker("database")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what was not tested, with its count."""
    skipped = [report.longrepr[2] for report in terminalreporter.stats.get("skipped", [])]
    reasons = Counter(reason.removeprefix("Skipped: ") for reason in skipped)
    for reason, count in reasons.most_common():
        terminalreporter.write_line(f"nicht geprüft: {count} × {reason}", yellow=True)


def _flush_despite_append_only_tables() -> None:
    """Let the clean-up after a live-server test empty tables whose trigger refuses it.

    The job queue's tables are not Django's: left alone, jobs would outlive their test.
    """
    flush = DatabaseOperations.sql_flush

    def sql_flush(self: DatabaseOperations, *args: object, **options: object) -> list[str]:
        statements = flush(self, *args, **options)
        return statements and [
            "SET LOCAL session_replication_role = replica",
            *statements,
            "TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE",
        ]

    DatabaseOperations.sql_flush = sql_flush


@pytest.fixture(autouse=True)
def house_language() -> None:
    """Each test begins in the language of the house: a page answered in English leaves its own."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def still_clock() -> Iterator[None]:
    """For whoever counts queries: what is kept for a second, the city's row, stays kept."""
    with time_machine.travel(datetime.now(UTC), tick=False):
        yield


@pytest.fixture
def live_server_url(live_server: object) -> str:
    """The address of a real web server in this process, on the test database."""
    return str(live_server)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium; without one the test is skipped and counted."""
    executable = find_chromium()
    if executable is None:
        pytest.skip(HOW_TO_GET_CHROMIUM)
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=executable, args=arguments, env={**os.environ, "LANGUAGE": "de"}
        )
        yield chromium
        chromium.close()
        connections.close_all()  # those beside Playwright's event loop are a set of their own


@pytest.fixture
def open_page(browser: Browser) -> Iterator[PageOpener]:
    """Open windows of any size; none may raise a script error or break the security policy."""
    complaints: list[str] = []
    with ExitStack() as windows:

        def open_window(*, width: int, height: int, javascript: bool = True) -> Page:
            context = browser.new_context(
                viewport={"width": width, "height": height},
                locale="de-AT",
                timezone_id="Europe/Vienna",
                java_script_enabled=javascript,
            )
            windows.callback(context.close)
            page = context.new_page()
            page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
            page.on("console", lambda message: _note_policy_breach(message.text, complaints))
            return page

        yield open_window
    assert complaints == []


def _note_policy_breach(text: str, complaints: list[str]) -> None:
    if "Content Security Policy" in text or "Content-Security-Policy" in text:
        complaints.append(text)


@pytest.fixture
def page(open_page: PageOpener) -> Page:
    """A window of a desktop computer."""
    return open_page(width=1440, height=900)


@pytest.fixture
def phone_page(open_page: PageOpener) -> Page:
    """A window of a telephone."""
    return open_page(width=390, height=844)


@pytest.fixture
def take_picture() -> Callable[[Page, str], Path]:
    """Save a screenshot of the page, down to `TALLEST`, as `$RATHAUS_PICTURES/NAME.png`."""

    def take(page: Page, name: str) -> Path:
        target = PICTURES / f"{name}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        window = page.viewport_size
        assert window is not None
        page.wait_for_load_state()
        height = page.locator("html").evaluate("html => html.scrollHeight")
        page.set_viewport_size({**window, "height": min(height, TALLEST)})
        page.evaluate("window.scrollTo(0, 0)")
        page.screenshot(path=target)
        page.set_viewport_size(window)
        return target

    return take
