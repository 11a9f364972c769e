"""A visit to the city hall: a number at the kiosk, the display, the counter, and the phone."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from re import compile as pattern
from urllib.parse import urljoin

from playwright.sync_api import Page, expect
from pypdf import PdfReader
from tests.house import House

PageOpener = Callable[..., Page]
TakePicture = Callable[[Page, str], Path]
HALL = {"width": 1280, "height": 1024}
WALL = {"width": 1920, "height": 1080}
DESK = {"width": 1440, "height": 900}
TABLET = {"width": 820, "height": 1180}
PHONE = {"width": 390, "height": 844}
PLACE = "rathaus"


def test_a_number_is_drawn_called_and_finished(
    house: House, open_page: PageOpener, take_picture: TakePicture
) -> None:
    display = open_page(**WALL)
    display.goto(f"{house.address}anzeige/{PLACE}/")
    kiosk = _kiosk(house, open_page, take_picture)
    number, address = _draws(kiosk, take_picture)
    phone = open_page(**PHONE)
    phone.goto(urljoin(house.address, address))
    expect(phone.get_by_role("main")).to_contain_text(number)
    expect(phone.get_by_role("main")).to_contain_text(pattern("Wartezeit|lässt sich gerade"))
    take_picture(phone, "queue-phone-waiting")
    counter = _opens(house, open_page, take_picture)
    _calls(counter, number)
    expect(display.locator("[data-call]").filter(has_text=number)).to_contain_text("Schalter 1")
    expect(phone.get_by_role("main")).to_contain_text("Sie sind dran")
    expect(phone.get_by_role("main")).to_contain_text("Schalter 1")
    take_picture(display, "queue-display")
    take_picture(phone, "queue-phone-called")
    _finishes(counter, number, take_picture)
    expect(phone.get_by_role("main")).to_contain_text("Danke für Ihren Besuch.")


def _kiosk(house: House, open_page: PageOpener, take_picture: TakePicture) -> Page:
    """The device in the hall, after the head of the counters has let it in."""
    head = open_page(**DESK)
    _sign_in(head, house, "Georg Aichinger")
    head.goto(f"{house.address}amt/schalter/automaten/")
    head.get_by_role("button", name="Link erzeugen").click()
    link = head.locator("code").inner_text()
    kiosk = open_page(**HALL, javascript=False)
    kiosk.goto(urljoin(house.address, link.split("/", 3)[3]))
    kiosk.get_by_role("button", name="Gerät anmelden").click()
    take_picture(kiosk, "queue-kiosk")
    head.goto(f"{house.address}amt/schalter/zahlen/")
    take_picture(head, "queue-figures")
    return kiosk


def _draws(kiosk: Page, take_picture: TakePicture) -> tuple[str, str]:
    """The number, and where the phone follows it."""
    kiosk.get_by_role("button", name="Reisepass beantragen").click()
    number = kiosk.locator(".kiosk__number").inner_text()
    take_picture(kiosk, "queue-kiosk-number")
    link = kiosk.get_by_role("link", name="Nummer drucken").get_attribute("href") or ""
    answer = kiosk.context.request.get(urljoin(kiosk.url, link))
    assert number in PdfReader(BytesIO(answer.body())).pages[0].extract_text()
    kiosk.get_by_role("link", name="Fertig").click()
    expect(kiosk.get_by_role("heading", level=1)).to_have_text("Was möchten Sie erledigen?")
    return number, link.removesuffix("nummer.pdf")


def _opens(house: House, open_page: PageOpener, take_picture: TakePicture) -> Page:
    counter = open_page(**DESK)
    _sign_in(counter, house, "Eva Leitner")
    counter.get_by_role("link", name="Schalter", exact=True).click()
    take_picture(counter, "queue-choose-counter")
    counter.get_by_role("button", name="Schalter 1").click()
    expect(counter.get_by_role("heading", level=1)).to_have_text("Schalter 1")
    return counter


def _calls(counter: Page, number: str) -> None:
    row = counter.get_by_role("listitem").filter(has_text=number)
    row.get_by_role("button", name="Aufrufen").click()
    expect(counter.locator(".counter__number")).to_contain_text(number)


def _finishes(counter: Page, number: str, take_picture: TakePicture) -> None:
    take_picture(counter, "queue-counter-called")
    counter.get_by_role("button", name="Ist da").click()
    expect(counter.locator(".counter__number")).to_contain_text("wird bedient")
    take_picture(counter, "queue-counter")
    counter.set_viewport_size(TABLET)
    take_picture(counter, "queue-counter-tablet")
    counter.get_by_role("button", name="Fertig", exact=True).click()
    expect(counter.get_by_role("main")).to_contain_text(f"{number} ist doch nicht fertig")
    counter.set_viewport_size(DESK)
    counter.get_by_role("link", name="Empfang").first.click()
    counter.get_by_label("Name").fill("Huber")
    counter.get_by_role("button", name="Suchen").click()
    take_picture(counter, "queue-reception")


def _sign_in(page: Page, house: House, name: str) -> None:
    page.goto(f"{house.address}demo/anmelden/")
    page.get_by_role("button", name=pattern(name)).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Übersicht")
