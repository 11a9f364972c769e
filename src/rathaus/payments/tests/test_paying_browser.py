"""Paying in a real browser: on a narrow telephone without scripts, out to the service and back."""

import pytest
from tests.factories import make_citizen, make_city, sign_in

from rathaus.core.city import forget_city
from rathaus.payments.models import Payment
from rathaus.payments.tests.bank import open_bank_account
from rathaus.payments.tests.money import owe, standing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def phone(open_page, live_server_url, client, service, settings):
    """A telephone of 320 px without scripts, of somebody who owes two things."""
    settings.PORTAL_ADDRESS = live_server_url
    policy = settings.CONTENT_SECURITY_POLICY
    directives = {**policy["DIRECTIVES"]}
    directives["form-action"] = [*directives["form-action"], service.address]
    settings.CONTENT_SECURITY_POLICY = {**policy, "DIRECTIVES": directives}
    make_city()
    open_bank_account()
    forget_city()
    payer = make_citizen()
    page = open_page(width=320, height=640, javascript=False)
    sign_in(client, payer)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server_url}]
    )
    page.payer = payer
    page.goto(live_server_url + "/impressum/")
    return page


def test_two_things_are_paid_in_one_go_after_a_refused_card(phone, live_server_url):
    claims = [owe(phone.payer, 4_450), owe(phone.payer, 6_000)]
    phone.goto(f"{live_server_url}/meine-zahlungen/")
    phone.get_by_role("button", name="Ausgewähltes bezahlen").click()
    phone.get_by_text("Karte oder Wallet").click()
    phone.get_by_role("button", name="Weiter zum Bezahlen").click()
    phone.get_by_role("button", name="So tun, als lehnte die Bank ab").click()
    assert phone.get_by_role("alert").inner_text().startswith("Die Zahlung wurde abgelehnt.")
    phone.get_by_role("button", name="€ 104,50 bezahlen").click()

    phone.get_by_text("Danke, Ihre Zahlung ist bei uns.").wait_for()
    assert phone.get_by_role("link", name="Zahlungsbestätigung (PDF)").count() == 1
    assert [standing(claim) for claim in claims] == [("settled", 0), ("settled", 0)]


def test_who_comes_back_without_paying_gives_up_and_chooses_the_transfer(phone, live_server_url):
    owe(phone.payer)
    phone.goto(f"{live_server_url}/meine-zahlungen/")
    phone.get_by_role("button", name="Ausgewähltes bezahlen").click()
    phone.get_by_text("Karte oder Wallet").click()
    phone.get_by_role("button", name="Weiter zum Bezahlen").click()
    phone.get_by_role("button", name="Abbrechen und zurück").click()
    phone.get_by_role("button", name="Zahlung abbrechen").click()
    phone.get_by_role("button", name="Ausgewähltes bezahlen").click()
    phone.get_by_text("Überweisung mit QR-Code").click()
    phone.get_by_role("button", name="Weiter zum Bezahlen").click()

    phone.wait_for_load_state()
    code = phone.get_by_role("img", name="QR-Code für eine Überweisung")
    assert code.evaluate("picture => picture.naturalWidth") > 0
    states = list(Payment.objects.order_by("made_at").values_list("state", flat=True))
    assert states == ["cancelled", "pending"]
