"""The main job of the house: from a citizen's question to a decided case and who looked at it."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from re import Pattern
from re import compile as pattern
from urllib.parse import urljoin

from PIL import Image
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from tests.house import House

PageOpener = Callable[..., Page]
TakePicture = Callable[[Page, str], Path]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
EMAIL = "lena.berger@post.example"


def test_a_dog_is_registered_corrected_and_decided(
    house_with_munich: House, open_page: PageOpener, take_picture: TakePicture, papers: Path
) -> None:
    house = house_with_munich.address
    citizen = open_page(**PHONE)
    _finds_the_service(citizen, house, take_picture)
    _fills_in_the_form(citizen, papers, take_picture)
    number = _confirms_and_submits(citizen, open_page(**PHONE), house, papers, take_picture)
    clerk = open_page(**DESK)
    _asks_for_a_correction(clerk, house, number, take_picture)
    _answers_the_correction(citizen, house, number, papers, take_picture)
    _decides(open_page(**DESK), house, number, take_picture)
    _reads_the_decision(citizen, house, number, papers, take_picture)
    seen = _sees_who_looked(citizen, house, take_picture)
    assert number in seen
    assert "Finanzen und Abgaben" in seen
    assert "Über Ihr Anliegen wurde entschieden" in seen


def _finds_the_service(page: Page, house: str, take_picture: TakePicture) -> None:
    page.goto(house)
    take_picture(page, "start-phone")
    page.get_by_role("searchbox").fill("Hund anmelden")
    page.get_by_role("button", name="Suchen").click()
    first = page.get_by_role("main").get_by_role("article").first
    expect(first).to_contain_text("Hund anmelden")
    take_picture(page, "search-phone")
    page.get_by_role("main").get_by_role("link", name="Hund anmelden", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hund anmelden")
    take_picture(page, "service-phone")
    page.get_by_role("link", name=pattern("Online")).first.click()


def _fills_in_the_form(page: Page, papers: Path, take_picture: TakePicture) -> None:
    page.get_by_role("button", name="Jetzt beginnen").click()
    page.get_by_label("Vorname").fill("Lena")
    page.get_by_label("Nachname").fill("Berger")
    page.get_by_label("Geburtsdatum").fill("03.05.1991")
    page.get_by_label("Straße").fill("Lindengasse")
    page.get_by_label("Hausnummer").fill("12")
    page.get_by_label("Postleitzahl").fill("4890")
    page.get_by_label("Ort", exact=True).fill("Lindenfurt")
    take_picture(page, "form-phone")
    _next(page, "Ihr Hund")
    page.get_by_label("Rufname").fill("Flocke")
    page.get_by_label("Rasse", exact=True).select_option(label="Mischling")
    page.get_by_label("Wurfdatum").fill("01.05.2026")
    page.get_by_label("Chipnummer").fill("0400981")
    page.get_by_label("In Ihrem Haushalt seit").fill("01.08.2026")
    page.get_by_role("button", name="Weiter", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("genau 15 Ziffern")
    take_picture(page, "form-error-phone")
    page.get_by_label("Chipnummer").fill("040098100412399")
    _next(page, "Haltung")
    page.get_by_text("Als Familienhund", exact=True).click()
    page.get_by_role("group", name="Hatte der Hund vorher").get_by_text("Nein").click()
    page.get_by_role("group", name="als auffällig gemeldet").get_by_text("Nein").click()
    _next(page, "Nachweise")
    page.get_by_label("Haftpflichtversicherung und Polizzennummer").fill("Linden-Versicherung 4711")
    page.get_by_label("Nachweis der Haftpflichtversicherung").set_input_files(
        _scan(papers, "Polizze Flocke.png")
    )
    page.get_by_text("Meine Angaben sind richtig und vollständig.").click()
    _next(page, "Bitte prüfen Sie Ihre Angaben")
    expect(page.get_by_role("main")).to_contain_text("€ 40,00")
    take_picture(page, "summary-phone")


def _confirms_and_submits(
    page: Page, mailbox: Page, house: str, papers: Path, take_picture: TakePicture
) -> str:
    page.get_by_role("link", name="E-Mail-Adresse bestätigen").click()
    page.get_by_label("E-Mail").fill(EMAIL)
    page.get_by_role("button", name="Code").click()
    page.get_by_role("textbox", name="Code").fill(_code_in_mail(mailbox, house))
    page.get_by_role("button", name=pattern("Anmelden|Weiter|Bestätigen")).click()
    page.get_by_role("button", name="Kostenpflichtig absenden").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("eingelangt")
    take_picture(page, "confirmation-phone")
    number = page.get_by_text(pattern(r"HU-\d{4}-\d{6}")).first.inner_text()
    number = pattern(r"HU-\d{4}-\d{6}").search(number)[0]  # type: ignore[index]  # asserted above
    receipt = _read_document(page, pattern("Bestätigung|Beleg|PDF"))
    text = "".join(sheet.extract_text() for sheet in receipt.pages)
    assert number in text
    assert "Flocke" in text
    _mail(mailbox, house, number)
    take_picture(mailbox, "mail-phone")
    return str(number)


def _asks_for_a_correction(page: Page, house: str, number: str, take_picture: TakePicture) -> None:
    _sign_in(page, house, "Sabine Wolf")
    expect(page.get_by_role("main")).to_contain_text("Nicht zugeteilt")
    take_picture(page, "dashboard-desk")
    page.get_by_role("link", name="Anliegen", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Anliegen")
    take_picture(page, "inbox-desk")
    page.get_by_role("link", name=number).click()
    page.get_by_role("button", name="Übernehmen").click()
    expect(page.get_by_role("main")).to_contain_text("Das Anliegen ist jetzt bei Ihnen.")
    take_picture(page, "case-desk")
    page.get_by_role("link", name=pattern("Verbesserung|Ergänzung")).first.click()
    page.get_by_role("textbox").first.fill(
        "Bitte senden Sie uns noch den Sachkundenachweis für Flocke."
    )
    take_picture(page, "correction-request-desk")
    page.get_by_role("button", name=pattern("Verlangen")).first.click()
    expect(page.get_by_role("main")).to_contain_text("Sachkundenachweis")


def _answers_the_correction(
    page: Page, house: str, number: str, papers: Path, take_picture: TakePicture
) -> None:
    page.goto(f"{house}meine-anliegen/")
    take_picture(page, "my-matters-phone")
    page.get_by_role("article").filter(has_text=number).get_by_role("link").first.click()
    expect(page.get_by_role("main")).to_contain_text("Bitte antworten Sie bis")
    take_picture(page, "correction-phone")
    section = page.get_by_role("region", name="Das brauchen wir noch von Ihnen")
    section.get_by_label("Ihre Antwort").fill("Gerne, hier ist der Nachweis. 🐕")
    section.get_by_label("Dateien").set_input_files(_scan(papers, "Sachkundenachweis.png"))
    section.get_by_role("button", name="Ergänzung senden").click()
    expect(page.get_by_role("main")).not_to_contain_text("Bitte antworten Sie bis")


def _decides(page: Page, house: str, number: str, take_picture: TakePicture) -> None:
    _sign_in(page, house, "Martin Pichler")
    page.goto(f"{house}amt/faelle/")
    page.get_by_role("link", name=number).click()
    expect(page.get_by_role("main")).to_contain_text("Gerne, hier ist der Nachweis. 🐕")
    page.get_by_role("link", name="Entscheiden").click()
    page.get_by_role("combobox", name="Vorlage").select_option(label="Hundeabgabe vorschreiben")
    page.get_by_role("button", name="Vorlage einsetzen").click()
    expect(page.get_by_role("textbox", name="Spruch")).to_have_value(
        pattern("Flocke.*040098100412399")
    )
    take_picture(page, "decision-desk")
    page.get_by_role("button", name="Weiter zur Durchsicht").click()
    expect(page.get_by_role("main")).to_contain_text("040098100412399")
    take_picture(page, "decision-confirm-desk")
    page.get_by_role("button", name="Jetzt zustellen").click()
    expect(page.get_by_role("main")).to_contain_text("Entschieden")


def _reads_the_decision(
    page: Page, house: str, number: str, papers: Path, take_picture: TakePicture
) -> None:
    page.goto(f"{house}meine-anliegen/")
    page.get_by_role("article").filter(has_text=number).get_by_role("link").first.click()
    expect(page.get_by_role("main")).to_contain_text("Über Ihr Anliegen ist entschieden")
    take_picture(page, "decided-phone")
    decision = _read_document(page, pattern("Bescheid"))
    text = " ".join(" ".join(sheet.extract_text() for sheet in decision.pages).split())
    assert number in text
    assert "040098100412399" in text
    assert "Rechtsmittelbelehrung" in text
    assert "binnen eines Monats nach der Zustellung" in text
    assert decision.trailer["/Root"]["/MarkInfo"]["/Marked"] == True  # noqa: E712 - a PDF boolean, not Python's


def _sees_who_looked(page: Page, house: str, take_picture: TakePicture) -> str:
    page.goto(f"{house}konto/einsicht/")
    take_picture(page, "who-looked-phone")
    return page.get_by_role("main").inner_text()


def _next(page: Page, title: str) -> None:
    page.get_by_role("button", name="Weiter", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def _sign_in(page: Page, house: str, name: str) -> None:
    page.goto(f"{house}demo/anmelden/")
    page.get_by_role("button", name=pattern(name)).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Übersicht")


def _mail(page: Page, house: str, wanted: str) -> str:
    """The newest mail that contains these words; it is on its way for a moment."""
    mail = page.get_by_role("article").filter(has_text=wanted).first
    for _attempt in range(40):
        page.goto(f"{house}demo/postfach/")
        if mail.count():
            return mail.inner_text()
        page.wait_for_timeout(500)
    raise AssertionError(f"no mail with {wanted!r}")


def _code_in_mail(page: Page, house: str) -> str:
    found = pattern(r"\b([A-Z0-9]{4}-[A-Z0-9]{4})\b").search(_mail(page, house, EMAIL))
    assert found
    return found[1]


def _read_document(page: Page, name: Pattern[str]) -> PdfReader:
    """The PDF behind the link of that name, fetched as the browser would."""
    link = page.get_by_role("main").get_by_role("link", name=name).first
    answer = page.context.request.get(urljoin(page.url, link.get_attribute("href")))
    assert answer.headers["content-type"] == "application/pdf"
    return PdfReader(BytesIO(answer.body()))


def _scan(papers: Path, name: str) -> Path:
    """A photograph as a phone makes it."""
    content = BytesIO()
    Image.new("RGB", (900, 1200), (244, 241, 230)).save(content, "PNG")
    target = papers / name
    target.write_bytes(content.getvalue())
    return target
