"""The bank account in the workspace."""

import re
from itertools import pairwise

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.factories import make_citizen, make_city, make_clerk, sign_in

from rathaus.accounts.queries import actor_of
from rathaus.payments.camt.document import LARGEST
from rathaus.payments.jobs import clear_new
from rathaus.payments.models import BankFile, BankMovement, Receipt, Refund
from rathaus.payments.queries import BankFilter, bank_movements, find_open_claims
from rathaus.payments.tests.bank import come, open_bank_account, reference_to
from rathaus.payments.tests.camt_files import PAYER_ACCOUNT, archive, detail, document, entry
from rathaus.payments.tests.money import owe, standing
from rathaus.payments.views.bank import MOST_FILES

pytestmark = pytest.mark.django_db

FILES = "/amt/bank/dateien/"
STRANGER = '<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n'
BOMB = (
    '<!DOCTYPE Document [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {after} "{f"&{name};" * 10}">' for name, after in pairwise("abcdefgh"))
    + "]>\n"
)


@pytest.fixture(autouse=True)
def account():
    make_city()
    return open_bank_account()


@pytest.fixture
def debtor():
    return make_citizen(given_name="Doris", family_name="Debtor")


@pytest.fixture
def clerk():
    return make_clerk(None, "payments.bank", "payments.read", "payments.give_back")


@pytest.fixture
def desk(clerk) -> Client:
    return sign_in(Client(), clerk)


def post_files(desk: Client, *contents: bytes):
    uploads = [
        SimpleUploadedFile(f"{number}.xml", content) for number, content in enumerate(contents)
    ]
    return desk.post(FILES, {"files": uploads})


def page_of(movement: BankMovement, deed: str = "") -> str:
    return f"/amt/bank/{movement.pk}/{deed}"


def test_files_are_taken_and_reported(desk, debtor):
    claim = owe(debtor)
    line = entry("100.00", detail(text=reference_to(claim)))
    answer = post_files(desk, document(line, entry("7.00", detail(text="Danke"))))
    file = BankFile.objects.get()
    assert (answer.status_code, answer.url) == (302, f"{FILES}{file.pk}/")
    job = ProcrastinateJob.objects.get(task_name="payments.clear_new_movements")
    assert (job.queue_name, job.args) == ("default", {})
    clear_new()

    report = desk.get(answer.url).content.decode()
    assert "0.xml: 2 neue Kontobewegungen." in report
    assert re.search(r"verbucht: Zahlungsreferenz im Text</dt>\s*<dd>1</dd>", report)
    assert re.search(r"zu klären</dt>\s*<dd>1</dd>", report)
    assert standing(claim) == ("settled", 0)


@pytest.mark.parametrize(
    ("content", "status", "sentence"),
    [
        (b"", 422, "Die Datei ist leer"),
        (document(entry("1.001")), 422, "Zeile 5: der Betrag hat Bruchteile von Cent"),
        (document(account="DE02120300000000202051"), 422, "gehört nicht der Stadt"),
        (archive({}), 422, "Im Archiv liegt keine Datei"),
        (document(entry("1.00"))[:-40], 422, "kein gültiges XML, oder die Datei ist abgeschnitten"),
        (document(entry("1.00", currency="EXR")), 422, "diese Währung gibt es nicht („EXR“)"),
        (document(entry("1.00"), head=STRANGER), 422, "Zeile 2: die Datei enthält eine DTD"),
        (document(entry("1.00"), head=BOMB), 422, "Zeile 2: die Datei enthält eine DTD"),
        (b"<" * (LARGEST + 1), 413, "größer als 30 MB"),
        (b"<" * (50 * 1024 * 1024), 413, "größer als 30 MB"),
    ],
    ids=[
        "empty",
        "too fine",
        "other account",
        "empty archive",
        "truncated",
        "unknown currency",
        "entity from outside",
        "entity bomb",
        "too large",
        "50 MB",
    ],
)
def test_a_file_that_is_wrong_says_why(desk, content, status, sentence):
    answer = post_files(desk, content)
    assert (answer.status_code, BankFile.objects.count()) == (status, 0)
    page = answer.content.decode()
    assert sentence.lower() in page.lower()
    assert "root:" not in page


def test_the_same_file_again_is_a_conflict_and_says_when(desk):
    post_files(desk, document())
    answer = post_files(desk, document())
    assert (answer.status_code, BankFile.objects.count()) == (409, 1)
    assert "schon eingelesen; nichts kam dazu" in answer.content.decode()


def test_more_files_than_one_person_can_follow_are_refused_and_none_is_taken(desk):
    contents = [document(identifier=f"AZ-{number}") for number in range(MOST_FILES + 1)]
    answer = post_files(desk, *contents)
    assert (answer.status_code, BankFile.objects.count()) == (422, 0)
    assert "Bitte höchstens 20 Dateien auf einmal." in answer.content.decode()


def test_no_file_is_said(desk):
    answer = desk.post(FILES)
    assert answer.status_code == 422
    assert "Bitte wählen Sie eine Datei." in answer.content.decode()


def test_what_is_left_is_listed_and_filtered(desk, debtor):
    come("7.00", text="Danke")
    come("100.00", text=reference_to(owe(debtor)), name="Doris Debtor")
    left = desk.get("/amt/bank/").content.decode()
    assert "Danke" in left
    assert "Doris Debtor" not in left
    booked = desk.get("/amt/bank/?state=booked&words=doris+100").content.decode()
    assert "Doris Debtor" in booked
    nothing = desk.get("/amt/bank/?kind=charge&state=unfug").content.decode()
    assert "Keine Kontobewegung passt" in nothing


def test_pages_of_fifty(clerk, desk):
    lines = [entry(f"{number}.00", detail(text="Danke")) for number in range(1, 61)]
    post_files(desk, document(*lines))
    BankMovement.objects.update(state="left")
    first = desk.get("/amt/bank/")
    assert first.content.decode().count('data-label="Betrag"') == 50
    onward = re.search(r'href="(\?state=left&amp;before=\d+)"', first.content.decode())
    assert onward is not None
    second = desk.get("/amt/bank/" + onward[1].replace("&amp;", "&")).content.decode()
    assert second.count('data-label="Betrag"') == 10


def test_a_movement_shows_its_proposals_and_finds_others(desk, debtor):
    claim = owe(debtor, 10_000)
    wrong = reference_to(claim)[:-1] + str((int(reference_to(claim)[-1]) + 1) % 10)
    proposed = come("99.00", text=wrong)
    shown = desk.get(page_of(proposed)).content.decode()
    assert "Zu klären, weil: Tippfehler, und der Betrag passt nicht." in shown
    assert f'value="{claim}"' in shown
    assert 'value="99,00"' in shown  # as far as the money goes
    other = come("40.00", text="Danke")
    assert "Es gibt keinen Vorschlag" in desk.get(page_of(other)).content.decode()
    for words in ("debtor", "doris 100", reference_to(claim), "HU-2026", "100,00"):
        assert f'value="{claim}"' in desk.get(page_of(other), {"words": words}).content.decode()
    assert "Keine offene Forderung passt" in (
        desk.get(page_of(other), {"words": "Niemand"}).content.decode()
    )


def test_a_clerk_clears_by_hand(desk, debtor):
    dog, ticket = owe(debtor, 5_000), owe(debtor, 3_000)
    row = come("60.00", text="Danke")
    values = {"claim": [dog, ticket], f"amount-{dog}": "50,00", f"amount-{ticket}": "€ 10"}
    answer = desk.post(page_of(row, "zuordnen/"), values, follow=True)
    assert f"verbucht, Beleg {Receipt.objects.get().number}" in answer.content.decode()
    assert (standing(dog), standing(ticket)) == (("settled", 0), ("open", 2_000))


def test_what_was_typed_is_still_there_after_a_mistake(desk, debtor):
    claim = owe(debtor, 5_000)
    row = come("60.00", text="Danke")
    values = {"claim": [claim], f"amount-{claim}": "5o,00", "words": "Debtor"}
    answer = desk.post(page_of(row, "zuordnen/"), values)
    text = answer.content.decode()
    assert (answer.status_code, Receipt.objects.count()) == (422, 0)
    assert "„5o,00“ ist kein Betrag" in text
    assert 'value="5o,00"' in text
    too_much = desk.post(page_of(row, "zuordnen/"), values | {f"amount-{claim}": "60,01"})
    assert too_much.status_code == 422
    assert "mehr, als eingegangen ist" in too_much.content.decode()


def test_the_slower_clerk_is_told(desk, debtor):
    claim = owe(debtor, 6_000)
    row = come("60.00", text="Danke")
    values = {"claim": [claim], f"amount-{claim}": "60,00"}
    assert desk.post(page_of(row, "zuordnen/"), values).status_code == 302
    answer = desk.post(page_of(row, "zuordnen/"), values)
    assert (answer.status_code, Receipt.objects.count()) == (409, 1)
    assert "hat inzwischen jemand erledigt" in answer.content.decode()


def test_money_of_others_goes_back_with_a_reason(desk):
    row = come("90.00", text="für die Nachbarstadt")
    values = {"iban": "AT02 2050 3021 0102 3600", "name": "Erika Zahlerin", "why": ""}
    missing = desk.post(page_of(row, "zurueckzahlen/"), values)
    assert missing.status_code == 422
    assert "warum das Geld zurückgeht" in missing.content.decode()
    assert desk.post(page_of(row, "zurueckzahlen/"), values | {"why": "Irrtum"}).status_code == 302
    assert Refund.objects.values_list("iban", "cents").get() == (PAYER_ACCOUNT, 9_000)


def test_what_is_no_receipt_is_noted(desk):
    post_files(desk, document(entry("5.00", sign="DBIT", code="CHRG")))
    row = BankMovement.objects.get()
    assert "Ist das erledigt?" in desk.get(page_of(row)).content.decode()
    assert desk.post(page_of(row, "vermerken/"), {"why": ""}).status_code == 422
    assert desk.post(page_of(row, "vermerken/"), {"why": "Kontoführung"}).status_code == 302
    shown = desk.get(page_of(row)).content.decode()
    assert "Kontoführung" in shown
    assert "Ist das erledigt?" not in shown


def test_who_may_not_give_back_is_not_offered_it(debtor):
    desk = sign_in(Client(), make_clerk(None, "payments.bank", "payments.read"))
    row = come("90.00", text="Danke")
    assert "zurückzahlen" not in desk.get(page_of(row)).content.decode()
    values = {"iban": PAYER_ACCOUNT, "name": "E", "why": "x"}
    assert desk.post(page_of(row, "zurueckzahlen/"), values).status_code == 403
    assert Receipt.objects.count() == 0


@pytest.mark.parametrize("address", ["/amt/bank/", "/amt/bank/1/"])
def test_others_have_no_business_there(address):
    desk = sign_in(Client(), make_clerk(None, "payments.read", "payments.receive"))
    assert desk.get(address).status_code == 403


def test_what_there_is_not_is_not_found(desk):
    assert desk.get("/amt/bank/999999/").status_code == 404
    assert desk.get(f"{FILES}00000000-0000-0000-0000-000000000000/").status_code == 404


def test_numbers_of_questions_do_not_grow(clerk, desk, debtor, django_assert_max_num_queries):
    for _number in range(5):
        owe(debtor)
    come("7.00", text="Danke")
    actor = actor_of(clerk)
    with django_assert_max_num_queries(2):
        bank_movements(by=actor, wanted=BankFilter())
    with django_assert_max_num_queries(2):
        assert len(find_open_claims(by=actor, words="Debtor")) == 5
