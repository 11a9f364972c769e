"""An appointment by video: "Ich bin da" on the phone, the call at the counter, the room."""

from collections.abc import Callable
from pathlib import Path
from re import compile as pattern

from playwright.sync_api import Page, expect
from tests.house import House

PageOpener = Callable[..., Page]
TakePicture = Callable[[Page, str], Path]
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


def test_somebody_is_advised_by_video(
    house: House, open_page: PageOpener, take_picture: TakePicture
) -> None:
    phone = _waits_at_home(house, open_page, take_picture)
    clerk = _calls(house, open_page, take_picture)

    room = phone.get_by_role("link", name=pattern("Videogespräch beginnen"))
    expect(room).to_be_visible()
    take_picture(phone, "video-phone-called")
    with phone.expect_popup() as opened:
        room.click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Videoraum der Demo")
    assert opened.value.evaluate("window.opener") is None
    take_picture(opened.value, "video-room-phone")
    with clerk.expect_popup() as beside:
        clerk.get_by_role("link", name=pattern("Videoraum öffnen")).click()
    assert beside.value.url == opened.value.url
    take_picture(beside.value, "video-room")

    clerk.get_by_role("button", name="Ist da").click()
    expect(phone.get_by_role("link", name=pattern("Zurück ins Videogespräch"))).to_be_visible()
    clerk.get_by_role("button", name="Fertig", exact=True).click()
    expect(phone.get_by_role("main")).to_contain_text("Danke für das Gespräch.")


def _waits_at_home(house: House, open_page: PageOpener, take_picture: TakePicture) -> Page:
    phone = open_page(**PHONE)
    _sign_in(phone, house, "Mehmet")
    phone.goto(f"{house.address}termine/meine/")
    phone.get_by_role("link", name=pattern("Uhr")).first.click()
    take_picture(phone, "video-appointment")
    phone.get_by_role("link", name="Zum Videogespräch").click()
    take_picture(phone, "video-phone-ready")
    phone.get_by_role("button", name="Ich bin da").click()
    expect(phone.get_by_role("main")).to_contain_text("Bitte warten")
    expect(phone.get_by_role("main")).to_contain_text("Sie sind als Nächstes dran.")
    take_picture(phone, "video-phone-waiting")
    phone.set_viewport_size(DESK)
    take_picture(phone, "video-desktop-waiting")
    phone.set_viewport_size(PHONE)
    return phone


def _calls(house: House, open_page: PageOpener, take_picture: TakePicture) -> Page:
    clerk = open_page(**DESK)
    _sign_in(clerk, house, "Karl Mayr")
    clerk.goto(f"{house.address}amt/schalter/")
    clerk.get_by_role("button", name=pattern("Videoberatung")).click()
    expect(clerk.get_by_role("main")).to_contain_text("per Video")
    clerk.get_by_role("button", name=pattern("Nächste:r bitte")).click()
    expect(clerk.locator(".counter__number")).to_contain_text("per Video")
    take_picture(clerk, "video-counter")
    return clerk


def _sign_in(page: Page, house: House, name: str) -> None:
    page.goto(f"{house.address}demo/anmelden/")
    page.get_by_role("button", name=pattern(name)).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
