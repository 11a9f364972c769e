"""The form in a real browser: with and without script, by keyboard, at 320 pixels."""

import re

import pytest
from playwright.sync_api import Page, expect

from rathaus.accounts.models import Person
from rathaus.cases.models import Case
from rathaus.services.models import Draft
from rathaus.services.tests.conftest import PNG

pytestmark = pytest.mark.django_db(transaction=True)


def start(page: Page, address: str) -> None:
    page.goto(f"{address}/antrag/hund/")
    page.get_by_role("button", name="Jetzt beginnen").click()


def answer_person(page: Page) -> None:
    page.get_by_label("Name", exact=True).fill("Ada Lovelace")
    page.get_by_label("Geburtsdatum").fill("10.12.1985")
    page.get_by_label("Straße").fill("Rathausplatz")
    page.get_by_label("Hausnummer").fill("5")
    page.get_by_label("Postleitzahl").fill("4890")
    page.get_by_label("Ort", exact=True).fill("Lindenfurt")


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Weiter", exact=True).click()


def test_without_script_on_a_narrow_phone(dogs, live_server_url, open_page):
    page = open_page(width=320, height=640, javascript=False)
    start(page, live_server_url)
    go_on(page)
    expect(page).to_have_title(re.compile(r"^Fehler: Ihre Angaben"))
    page.get_by_role("link", name="Bitte füllen Sie „Name“ aus.").click()
    answer_person(page)
    go_on(page)
    expect(page.get_by_role("status")).to_contain_text("Gespeichert um")
    page.get_by_label("Rufname").fill("Bello")
    page.get_by_text("Ja", exact=True).click()
    go_on(page)
    page.get_by_label("Name des Halters").fill("Eva")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    go_on(page)
    page.get_by_label("Versicherung").set_input_files(
        {"name": "polizze.png", "mimeType": "image/png", "buffer": PNG}
    )
    page.get_by_role("button", name="Hochladen").click()
    expect(page.get_by_role("link", name="polizze.png")).to_be_visible()
    page.get_by_text("Alles stimmt.").click()
    go_on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Bitte prüfen Sie Ihre Angaben")
    expect(page.get_by_text("Halter 1: Name des Halters")).to_be_visible()
    expect(page.get_by_role("link", name="E-Mail-Adresse bestätigen")).to_be_visible()
    assert Case.objects.count() == 0
    assert Draft.objects.get().answers["vorbesitzer"][0]["halter"] == "Eva"


def test_the_browser_shows_and_hides_at_once(dogs, live_server_url, page):
    start(page, live_server_url)
    answer_person(page)
    go_on(page)
    group = page.get_by_role("group", name="Frühere Halter")
    expect(group).to_be_hidden()
    page.get_by_text("Ja", exact=True).click()
    expect(group).to_be_visible()
    page.get_by_text("Nein", exact=True).click()
    expect(group).to_be_hidden()


def test_an_address_is_taken_over_from_the_list(dogs, live_server_url, page):
    start(page, live_server_url)
    page.get_by_label("Im Adressverzeichnis der Stadt suchen").fill("rathauspl. 7")
    page.get_by_role("button", name="Rathausplatz 7, 4890 Lindenfurt").click()
    expect(page.get_by_label("Straße")).to_have_value("Rathausplatz")
    expect(page.get_by_label("Hausnummer")).to_have_value("7")
    expect(page.get_by_label("Ort", exact=True)).to_have_value("Lindenfurt")


def test_by_keyboard_alone(dogs, live_server_url, page):
    start(page, live_server_url)
    page.get_by_label("Name", exact=True).focus()
    page.keyboard.type("Ada Lovelace")
    page.keyboard.press("Enter")
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Ada Lovelace")
    page.get_by_role("link", name=re.compile("Anschrift")).press("Enter")
    expect(page.get_by_label("Straße")).to_be_focused()


def test_nobody_can_sign_in_as_nobody(db):
    from rathaus.accounts.actions import nameless_person

    assert nameless_person().pk == nameless_person().pk
    assert Person.objects.get().is_active is False
