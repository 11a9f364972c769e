"""An event permit on the phone: applied for, paid, an appointment booked, moved and kept.

The same fee comes by card, by eps and by a transfer that the bank tells of in a file.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from re import Pattern
from re import compile as pattern
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader
from tests.house import House
from tests.letterbox import Letterbox
from tests.qr_codes import scanned

from rathaus.appointments.queries.timetables import holidays_between
from rathaus.core.clock import VIENNA
from rathaus.payments.tests.camt_files import detail, document, entry

PageOpener = Callable[..., Page]
TakePicture = Callable[[Page, str], Path]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
HALL = {"width": 1280, "height": 1024}
WALL = {"width": 1920, "height": 1080}
PERMIT = "Veranstaltungsbewilligung für den Rathausplatz"
PLACE = "veranstaltungen"
IBAN = "AT939999900001234567"
NUMBER = pattern(r"VB-\d{4}-\d{6}")
CODE = pattern(r"\b[A-Z2-7]{4}-[A-Z2-7]{4}\b")
NEAR_MIDNIGHT = timedelta(minutes=40)
LAND = "AT-4"


@dataclass(frozen=True)
class Story:
    """What every chapter needs."""

    house: House
    post: Letterbox
    open_page: PageOpener
    take_picture: TakePicture

    @property
    def address(self) -> str:
        return self.house.address

    def staff(self, name: str) -> Page:
        """A window of somebody who works in the city hall."""
        page = self.open_page(**DESK)
        page.goto(f"{self.address}demo/anmelden/")
        page.get_by_role("button", name=pattern(name)).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Übersicht")
        return page


@pytest.fixture
def story(
    house_for_events: House, post: Letterbox, open_page: PageOpener, take_picture: TakePicture
) -> Story:
    return Story(house_for_events, post, open_page, take_picture)


def test_a_permit_is_paid_by_card_and_its_appointment_kept(story: Story) -> None:
    _needs_time_today()
    citizen, number = _applies(story, "flora.kern@post.example")
    _pays_online(story, citizen, "Karte oder Wallet")
    _books(story, citizen)
    code = _moves_to_today(story, citizen)
    display = story.open_page(**WALL)
    display.goto(f"{story.address}anzeige/{PLACE}/")
    ticket, phone = _arrives(story, code)
    clerk = _is_called(story, ticket, display, phone)
    _is_served(story, clerk, ticket, number)
    expect(phone.get_by_role("main")).to_contain_text("Danke für Ihren Besuch.")
    _sees_it_done(story, citizen, number)


def test_the_same_fee_by_eps(story: Story) -> None:
    citizen, number = _applies(story, "emil.paar@post.example")
    _pays_online(story, citizen, "eps")
    _is_paid(story, citizen, number)
    assert "eps" in _document(citizen, pattern("Platzreservierung"))


def test_the_same_fee_by_a_transfer_that_the_bank_tells_of(story: Story) -> None:
    citizen, number = _applies(story, "berta.klang@post.example")
    reference = _reads_the_code(story, citizen)
    clerk = story.staff("Sabine Wolf")
    _takes_the_file(clerk, _statement(reference))
    expect(_main(clerk)).to_contain_text("auszug.xml: eine neue Kontobewegung.")
    story.take_picture(clerk, "bank-file-desk")
    _shows_the_movement_once(story, clerk)
    _is_paid(story, citizen, number)
    _takes_the_file(clerk, _statement(reference))
    expect(_main(clerk)).to_contain_text("schon eingelesen; nichts kam dazu")
    _takes_the_file(clerk, _statement(reference, form="054"))
    expect(_main(clerk)).to_contain_text(pattern(r"davon schon bekannt\s*1"))
    _shows_the_movement_once(story, clerk)
    citizen.goto(f"{story.address}zahlungen/belege/")
    expect(_main(citizen).get_by_role("link", name=pattern("Platzreservierung"))).to_have_count(1)
    _ledger_is_balanced(story, clerk)


def _needs_time_today() -> None:
    """The appointment is kept on the day of the test: something must be left of it."""
    here = datetime.now(VIENNA)
    if (here + NEAR_MIDNIGHT).date() != here.date():
        pytest.skip("so kurz vor Mitternacht ist heute kein Termin mehr frei")
    if holidays_between(here.date(), here.date(), LAND):
        pytest.skip("heute ist Feiertag, und das Amt ist zu")


def _applies(story: Story, email: str) -> tuple[Page, str]:
    """The phone of somebody who has just sent the form, and the number of the case."""
    page = story.open_page(**PHONE)
    page.goto(story.address)
    page.get_by_role("searchbox").fill("Veranstaltungsbewilligung")
    page.get_by_role("button", name="Suchen").click()
    _main(page).get_by_role("link", name=PERMIT, exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(PERMIT)
    story.take_picture(page, "permit-service-phone")
    page.get_by_role("link", name=pattern("Online")).first.click()
    page.get_by_role("button", name="Jetzt beginnen").click()
    page.get_by_label("Name der Veranstaltung").fill("Lichterfest der Musikschule")
    page.get_by_label("An welchem Tag?").fill(f"{datetime.now(VIENNA) + timedelta(60):%d.%m.%Y}")
    page.get_by_label("Wie viele Gäste").fill("250")
    _next(page, "Wer veranstaltet?")
    page.get_by_label("Vorname").fill("Flora")
    page.get_by_label("Nachname").fill("Kern")
    _next(page, "Bitte prüfen Sie Ihre Angaben")
    page.get_by_role("link", name="E-Mail-Adresse bestätigen").click()
    page.get_by_label("E-Mail").fill(email)
    page.get_by_role("button", name="Code").click()
    page.get_by_role("textbox", name="Code").fill(_found(CODE, story.post.letter(to=email)))
    page.get_by_role("button", name=pattern("Anmelden|Weiter|Bestätigen")).click()
    page.get_by_role("button", name="Kostenpflichtig absenden").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("eingelangt")
    story.take_picture(page, "permit-sent-phone")
    number = _found(NUMBER, _main(page).inner_text())
    story.post.letter(number, to=email)
    return page, number


def _pays_online(story: Story, page: Page, means: str) -> None:
    """From the confirmation to the page of the payment service and back, and the receipt."""
    _step(page, "Offenen Betrag bezahlen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("€ 42,00 bezahlen")
    page.get_by_text(means).first.click()
    story.take_picture(page, "pay-choose-phone")
    page.get_by_role("button", name="Weiter zum Bezahlen").click()
    story.take_picture(page, "pay-service-phone")
    page.get_by_role("button", name="€ 42,00 bezahlen").click()
    expect(_main(page)).to_contain_text("Danke, Ihre Zahlung ist bei uns.")
    story.take_picture(page, "pay-done-phone")
    receipt = _document(page, pattern("Zahlungsbestätigung"))
    assert "42,00" in receipt
    assert "Platzreservierung Rathausplatz" in receipt


def _books(story: Story, page: Page) -> None:
    """A time of tomorrow: the next step of the case, on the page that thanks for the payment."""
    _step(page, "Termin buchen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tag und Uhrzeit wählen")
    tomorrow = datetime.now(VIENNA) + timedelta(days=1)
    page.goto(f"{page.url}&tag={tomorrow:%Y-%m-%d}")
    story.take_picture(page, "appointment-times-phone")
    page.get_by_role("link", name="10:00", exact=True).click()
    expect(page.get_by_label("Vor- und Nachname")).to_have_value("Flora Kern")
    page.get_by_role("button", name="Termin vormerken").click()
    expect(_main(page)).to_contain_text("Minuten zum Bestätigen")
    story.take_picture(page, "appointment-held-phone")
    page.get_by_role("button", name="Termin bestätigen").click()
    expect(_main(page)).to_contain_text("Ihr Termin ist gebucht.")
    story.take_picture(page, "appointment-booked-phone")
    story.post.letter("Veranstaltung besprechen", f"{tomorrow:%d.%m.%Y}", "10:00")


def _moves_to_today(story: Story, page: Page) -> str:
    """The first time that is left of today; the code of the mail that confirms it."""
    page.get_by_role("link", name="Verschieben").click()
    today = datetime.now(VIENNA)
    page.goto(f"{page.url}?tag={today:%Y-%m-%d}")
    story.take_picture(page, "appointment-move-phone")
    page.get_by_role("group", name="Neue Zeit").locator("label").first.click()
    page.get_by_role("button", name="Termin verschieben").click()
    expect(_main(page)).to_contain_text("Ihr Termin ist verschoben.")
    shown = _found(CODE, _main(page).locator(".check-in__code").inner_text())
    mailed = story.post.letter("Ihr Termin ist verschoben", f"{today:%d.%m.%Y}")
    assert shown in mailed
    return shown


def _arrives(story: Story, code: str) -> tuple[str, Page]:
    """The number that the kiosk gives for the code, and the phone that follows it."""
    head = story.staff("Birgit Schwarz")
    head.goto(f"{story.address}amt/schalter/automaten/?ort={PLACE}")
    head.get_by_role("button", name="Link erzeugen").click()
    kiosk = story.open_page(**HALL, javascript=False)
    kiosk.goto(head.locator("code").inner_text())
    kiosk.get_by_role("button", name="Gerät anmelden").click()
    story.take_picture(kiosk, "counter-kiosk")
    kiosk.get_by_role("link", name="Ich habe einen Termin").click()
    kiosk.get_by_label("Code aus der E-Mail").fill("AAAA-BBBB")
    kiosk.get_by_role("button", name="Ich bin da").click()
    expect(kiosk.get_by_role("alert")).to_contain_text("gibt es heute hier keinen Termin")
    kiosk.get_by_label("Code aus der E-Mail").fill(code.lower().replace("-", " "))
    kiosk.get_by_role("button", name="Ich bin da").click()
    number = kiosk.locator(".kiosk__number").inner_text()
    story.take_picture(kiosk, "counter-kiosk-number")
    phone = story.open_page(**PHONE)
    phone.goto(scanned(kiosk.get_by_role("img", name="QR-Code").screenshot()))
    expect(_main(phone)).to_contain_text(number)
    expect(_main(phone)).to_contain_text("Sie sind als Nächstes dran.")
    story.take_picture(phone, "counter-ticket-phone")
    return number, phone


def _is_called(story: Story, number: str, display: Page, phone: Page) -> Page:
    """The counter of the clerk who pressed the one big button."""
    clerk = story.staff("Birgit Schwarz")
    clerk.get_by_role("link", name="Schalter", exact=True).click()
    clerk.get_by_role("button", name="Schalter 1").click()
    clerk.get_by_role("button", name=pattern("Nächste:r bitte")).click()
    expect(clerk.locator(".counter__number")).to_contain_text(number)
    call = display.locator("[data-call]").filter(has_text=number)
    expect(call).to_contain_text("Schalter 1")
    expect(_main(phone)).to_contain_text("Sie sind dran")
    story.take_picture(display, "counter-display")
    story.take_picture(phone, "counter-ticket-called-phone")
    return clerk


def _is_served(story: Story, clerk: Page, ticket: str, number: str) -> None:
    """The clerk sees who it is, opens the case from the counter, notes, and is done."""
    clerk.get_by_role("button", name="Ist da").click()
    expect(_main(clerk)).to_contain_text("Flora Kern")
    story.take_picture(clerk, "counter-view")
    clerk.get_by_role("link", name=number).click()
    expect(_main(clerk)).to_contain_text("Lichterfest der Musikschule")
    expect(_main(clerk)).to_contain_text("Platzreservierung Rathausplatz")
    clerk.get_by_text("Notiz schreiben").first.click()
    clerk.get_by_role("textbox", name="Notiz").fill("Lageplan besprochen, Strom vom Brunnen.")
    clerk.get_by_role("button", name="Notieren").click()
    expect(_main(clerk)).to_contain_text("Strom vom Brunnen")
    story.take_picture(clerk, "counter-case")
    clerk.get_by_role("button", name="Übernehmen").click()
    clerk.get_by_role("link", name="Entscheiden").click()
    clerk.get_by_role("combobox", name="Vorlage").select_option(label="Platz vergeben")
    clerk.get_by_role("button", name="Vorlage einsetzen").click()
    clerk.get_by_role("button", name="Weiter zur Durchsicht").click()
    clerk.get_by_role("button", name="Jetzt zustellen").click()
    expect(_main(clerk)).to_contain_text("Die Entscheidung ist zugestellt.")
    clerk.get_by_role("link", name="Schalter", exact=True).click()
    clerk.get_by_role("button", name="Fertig", exact=True).click()
    expect(_main(clerk)).to_contain_text(f"{ticket} ist doch nicht fertig")


def _sees_it_done(story: Story, page: Page, number: str) -> None:
    page.goto(f"{story.address}meine-zahlungen/")
    done = page.get_by_role("region", name=pattern("^Bezahlt"))
    expect(done).to_contain_text("Platzreservierung Rathausplatz")
    expect(done).to_contain_text("€ 42,00")
    expect(done).to_contain_text(number)
    story.take_picture(page, "my-payments-phone")
    page.get_by_role("link", name="Belege").click()
    assert "42,00" in _document(page, pattern("Platzreservierung"))
    story.take_picture(page, "my-receipts-phone")
    _opens_own_case(story, page, number)
    expect(_main(page)).to_contain_text("Über Ihr Anliegen ist entschieden")
    assert "Lichterfest der Musikschule" in _document(page, pattern("Bewilligung"))
    expect(_main(page)).to_contain_text("Veranstaltungsservice, Schalter 1: erledigt")
    story.take_picture(page, "permit-case-phone")


def _reads_the_code(story: Story, page: Page) -> str:
    """The payment reference in the code on the page, whose fields say what the text beside says."""
    _step(page, "Offenen Betrag bezahlen").click()
    page.get_by_text("Überweisung mit QR-Code").click()
    page.get_by_role("button", name="Weiter zum Bezahlen").click()
    code = page.get_by_role("img", name="QR-Code für eine Überweisung")
    story.take_picture(page, "pay-transfer-phone")
    *head, iban, amount, purpose, reference = scanned(code.screenshot()).split("\n")
    assert head == ["BCD", "002", "1", "SCT", "LINFAT2LXXX", "Stadt Lindenfurt"]
    assert (iban, amount, purpose) == (IBAN, "EUR42.00", "")
    assert reference in _main(page).inner_text().replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    return reference


def _statement(reference: str, *, form: str = "053") -> bytes:
    """What the bank writes about the transfer of whoever scanned the code, in one of its forms."""
    line = entry(
        "42.00",
        detail(structured=reference, name="Berta Klang", bank_id=f"B-{reference}"),
        day=f"{datetime.now(UTC):%Y-%m-%d}",
        bank_id=f"B-{reference}",
    )
    return document(line, account=IBAN, form=form, identifier=f"AZ-{reference}")


def _takes_the_file(clerk: Page, content: bytes) -> None:
    clerk.goto(urljoin(clerk.url, "/amt/bank/"))
    chooser = clerk.get_by_label("Dateien der Bank")
    if not chooser.is_visible():
        clerk.get_by_text("Kontoauszüge einlesen").first.click()
    chooser.set_input_files({"name": "auszug.xml", "mimeType": "text/xml", "buffer": content})
    clerk.get_by_role("button", name="Einlesen").click()


def _shows_the_movement_once(story: Story, clerk: Page) -> None:
    clerk.goto(f"{story.address}amt/bank/?state=all&words=Klang")
    row = clerk.get_by_role("row").filter(has_text="Berta Klang")
    expect(row).to_have_count(1)
    _reloads_until(clerk, row.filter(has_text="verbucht"))
    clerk.goto(f"{story.address}amt/bank/?state=all")
    story.take_picture(clerk, "bank-desk")


def _is_paid(story: Story, page: Page, number: str) -> None:
    page.goto(f"{story.address}meine-zahlungen/")
    done = page.get_by_role("region", name=pattern("^Bezahlt"))
    expect(done).to_contain_text(number)
    page.get_by_role("link", name="Belege").click()
    assert "42,00" in _document(page, pattern("Platzreservierung"))


def _ledger_is_balanced(story: Story, clerk: Page) -> None:
    """What the accounts took and gave is the same sum."""
    clerk.goto(f"{story.address}amt/buchhaltung/salden/")
    total = clerk.get_by_role("row", name=pattern("^Summe"))
    debit, credit, _rest = total.get_by_role("cell").all_inner_texts()
    assert debit == credit
    assert debit != "€ 0,00"
    story.take_picture(clerk, "trial-balance-desk")


def _opens_own_case(story: Story, page: Page, number: str) -> None:
    page.goto(f"{story.address}meine-anliegen/")
    page.get_by_role("article").filter(has_text=number).get_by_role("link").first.click()
    expect(_main(page)).to_contain_text(PERMIT)


def _step(page: Page, name: str) -> Locator:
    """The button of one of the next steps."""
    steps = page.get_by_role("list", name="Was jetzt noch zu tun ist")
    return steps.get_by_role("listitem").filter(has_text=name).get_by_role("link")


def _next(page: Page, title: str) -> None:
    page.get_by_role("button", name="Weiter", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def _reloads_until(page: Page, wanted: Locator) -> None:
    """A job has to see to it first."""
    for _attempt in range(40):
        if wanted.count():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(_main(page).inner_text())


def _main(page: Page) -> Locator:
    return page.get_by_role("main")


def _found(what: Pattern[str], text: str) -> str:
    found = what.search(text)
    assert found, text
    return found[0]


def _document(page: Page, name: Pattern[str]) -> str:
    """The text of the PDF behind the link of that name, in one line."""
    link = _main(page).get_by_role("link", name=name).first
    answer = page.context.request.get(urljoin(page.url, link.get_attribute("href") or ""))
    assert answer.headers["content-type"] == "application/pdf"
    sheets = PdfReader(BytesIO(answer.body())).pages
    return " ".join(" ".join(sheet.extract_text() for sheet in sheets).split())
