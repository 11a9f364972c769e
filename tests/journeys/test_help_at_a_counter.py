"""Help at a counter, in two windows: one press, a banner at the colleague's, an answer, an end."""

from collections.abc import Callable
from pathlib import Path
from re import compile as pattern

from playwright.sync_api import Page, expect
from tests.house import House

PageOpener = Callable[..., Page]
TakePicture = Callable[[Page, str], Path]
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
RUNG = "html[data-rung]"


def test_help_is_called_seen_answered_and_closed(
    house: House, open_page: PageOpener, take_picture: TakePicture
) -> None:
    caller = _staff(house, open_page, "Mirjana Petrović", DESK)
    caller.goto(f"{house.address}amt/schalter/")
    expect(caller.get_by_role("heading", level=1)).to_have_text("Schalter 3")
    colleague = _staff(house, open_page, "Eva Leitner", DESK)
    second = colleague.context.new_page()
    second.goto(f"{house.address}amt/faelle/")
    colleague.bring_to_front()
    colleague.get_by_role("heading", level=1).click()  # a touch: from now on the window may sound
    take_picture(caller, "help-button")

    button = caller.get_by_role("button", name="Hilfe holen")
    expect(button).to_have_attribute("accesskey", "h")
    button.click()
    for window in (colleague, second):
        expect(window.locator("[data-alarm]")).to_have_count(1)
    banner = colleague.get_by_role("alert")
    expect(banner).to_contain_text(pattern(r"Hilfe an Schalter 3 – seit \d\d:\d\d"))
    expect(colleague).to_have_title(pattern("^Hilfe an Schalter 3 · "))
    expect(colleague.locator(RUNG)).to_have_count(1)
    take_picture(colleague, "help-colleague")
    colleague.set_viewport_size(PHONE)
    take_picture(colleague, "help-colleague-phone")
    colleague.set_viewport_size(DESK)
    expect(caller.locator("[data-alarm]")).to_have_count(0)
    expect(caller.get_by_text("Verständigt seit")).to_be_visible()
    expect(caller.locator(RUNG)).to_have_count(0)  # it is quiet where somebody stands

    written = second.get_by_label("Name, E-Mail, Aktenzeichen")
    written.fill("was ich gerade schreibe")
    second.get_by_role("button", name="Ich komme").click()
    expect(caller.get_by_text("Es kommt: Eva Leitner")).to_be_visible()
    expect(written).to_have_value("was ich gerade schreibe")
    expect(colleague.locator("[data-alarm]")).to_have_count(0)
    take_picture(caller, "help-caller-answered")
    caller.set_viewport_size(PHONE)
    take_picture(caller, "help-caller-phone")

    house.close()
    house.process = house.open()
    caller.get_by_label("Notiz, wenn Sie mögen").fill("beruhigt")
    caller.get_by_role("button", name="Erledigt").click()
    expect(caller.locator(".notice")).to_have_count(0)
    expect(colleague.locator(".notice")).to_have_count(0, timeout=30_000)


def test_the_head_sees_what_was(
    house: House, open_page: PageOpener, take_picture: TakePicture
) -> None:
    head = _staff(house, open_page, "Georg Aichinger", DESK, javascript=False)
    head.goto(f"{house.address}amt/schalter/empfang/")
    head.get_by_role("button", name="Hilfe holen").click()
    head.get_by_role("button", name="Fehlalarm").click()
    head.goto(f"{house.address}amt/schalter/hilferufe/")
    expect(head.get_by_role("main")).to_contain_text("Fehlalarm")
    take_picture(head, "help-list")
    head.set_viewport_size(PHONE)
    take_picture(head, "help-list-phone")


def _staff(
    house: House, open_page: PageOpener, name: str, size: dict[str, int], **how: bool
) -> Page:
    page = open_page(**size, **how)
    page.goto(f"{house.address}demo/anmelden/")
    page.get_by_role("button", name=pattern(name)).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Übersicht")
    return page
