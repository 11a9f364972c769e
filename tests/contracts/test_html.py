"""Every page of the house is valid HTML, answers, and can be found by following links."""

import json
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest
from tests.contracts.conftest import LANGUAGES, NODE_PACKAGES, STATES, House, states_of
from tests.walking import Visit, all_routes

pytestmark = pytest.mark.django_db

VALIDATOR = NODE_PACKAGES / "vnu-jar" / "build" / "dist" / "vnu.jar"
EXPECTED = {200, 404}

# What a link may answer with instead of its page, and why.
REFUSALS = {
    ("amt/anmelden/verzeichnis/zurueck/", 400),  # nobody began the sign-in that ends there
    ("konto/anmelden/id-austria/zurueck/", 400),
    ("termine/", 422),  # nothing was chosen
    ("amt/termine/neu/", 422),
    ("konto/einsicht/<int:seq>/beweis.json", 409),  # before the day's fingerprint is published
}
FILES = {
    "appointments:counter_line",
    "appointments:display_line",
    "appointments:ticket_line",
    "appointments:ticket_slip",
    "appointments:help_line",
    "appointments:video_line",
    "accounts:export",
    "appointments:calendar",
    "audit:export",
    "audit:growth",
    "audit:mine_as_table",
    "audit:roots",
    "audit:verifier",
    "cases:own_file",
    "cases:preview",
    "cases:staff_file",
    "core:colours",
    "core:crest",
    "core:security_txt",
    "core:status_json",
    "demo:mail_attachment",
    "mfa_download_recovery_codes",
    "payments:api_payment",
    "payments:code",
    "payments:export",
    "payments:letter",
    "payments:notice",
    "payments:own_letter",
    "payments:own_notice",
    "payments:own_receipt",
    "payments:receipt",
    "payments:transfer",
    "services:download_form",
    "services:draft_file",
    "services:form_version",
    "services:receipt",
    "services:robots",
}
PARTS_AND_DEEDS = {  # a fragment of a page, or what leads on to a page
    "appointments:confirm",
    "appointments:calendar_ask",
    "appointments:move_own",
    "appointments:planning_absence_remove",
    "appointments:planning_closure_remove",
    "account_request_login_code",
    "account_signup",
    "appointments:counter_act",
    "appointments:counter_part",
    "appointments:display_part",
    "appointments:ticket_leave",
    "appointments:ticket_part",
    "appointments:own",
    "appointments:shown",
    "appointments:entry_decline",
    "appointments:entry_leave",
    "appointments:entry_take",
    "appointments:help_call",
    "appointments:help_close",
    "appointments:help_come",
    "appointments:help_part",
    "appointments:video_arrive",
    "appointments:video_leave",
    "appointments:video_part",
    "accounts:give_role",
    "accounts:id_austria",
    "accounts:staff_directory",
    "cases:answer",
    "cases:assign",
    "cases:return_draft",
    "cases:send_message",
    "cases:set_state",
    "cases:submit_draft",
    "cases:take",
    "cases:write",
    "cases:write_note",
    "core:language",
    "mfa_login_webauthn",
    "payments:api_payments",
    "payments:back",
    "payments:cancel",
    "payments:close_desk",
    "payments:go_on",
    "payments:open_desk",
    "payments:stripe_message",
    "payments:take_cash",
    "payments:clear_movement",
    "payments:close",
    "payments:end_refund",
    "payments:export_period",
    "payments:fail_refund",
    "payments:hand_over_transfers",
    "payments:mark_movement_seen",
    "payments:refuse_movement",
    "payments:return_money",
    "payments:change_levy",
    "payments:end_levy",
    "payments:return_deposit",
    "payments:set_return_day",
    "payments:set_off",
    "payments:split",
    "payments:take_bank_files",
    "services:addresses",
    "services:check_form",
    "services:draft",
    "services:publish_form",
    "services:settle_miss",
    "services:show_service",
    "services:suggestions",
}


def test_every_page_is_valid_html(house: House, tmp_path: Path) -> None:
    if not (shutil.which("java") and VALIDATOR.exists()):
        pytest.skip("Der HTML-Prüfer braucht Java und das Paket vnu-jar")
    visits = _write((*house.visits, *house.disturbed), tmp_path)

    errors = _errors_in(tmp_path)

    assert sorted({f"{visits[name].label}: {message}" for name, message in errors}) == []


def test_nobody_who_followed_a_link_is_refused(house: House) -> None:
    refused = {
        f"{visit.label} {visit.status}"
        for visit in house.visits
        if visit.status not in EXPECTED and (visit.route, visit.status) not in REFUSALS
    }

    assert sorted(refused) == []


def test_every_route_with_a_page_was_walked(house: House) -> None:
    walked = {visit.route for visit in house.visits if visit.html}
    missed = {name for route, name in all_routes().items() if route not in walked}

    assert sorted(missed - FILES - PARTS_AND_DEEDS) == []


def test_appointments_were_walked_in_each_of_their_states(house: House) -> None:
    seen = {(visit.language, state) for visit in house.visits for state in states_of(visit)}
    assert {(language, state) for language in LANGUAGES for state in STATES} - seen == set()


def _write(visits: Iterable[Visit], folder: Path) -> dict[str, Visit]:
    """Each different page as a file of its own; gives back which file shows what."""
    different = {visit.html: visit for visit in visits if visit.html}
    written = {f"{number}.html": visit for number, visit in enumerate(different.values())}
    for name, visit in written.items():
        (folder / name).write_text(visit.html, encoding="utf-8")
    return written


def _errors_in(folder: Path) -> list[tuple[str, str]]:
    """File and message of every error the validator finds, in one run of Java."""
    command = [
        "java",
        "-Xss1m",
        "-jar",
        str(VALIDATOR),
        "--format",
        "json",
        "--stdout",
        "--exit-zero-always",
    ]
    done = subprocess.run(
        [*command, str(folder)], capture_output=True, text=True, timeout=300, check=True
    )
    messages = json.loads(done.stdout)["messages"]
    return [
        (Path(message["url"]).name, f"{message['message']} … {message.get('extract', '')!r}")
        for message in messages
        if message["type"] == "error"
    ]
