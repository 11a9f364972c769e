"""Pages that no link leads to: behind a second factor, a token of a mail, or an answer in a form.

Each function gets a signed-in client, makes the page come about, and names its address.
"""

import re
from datetime import timedelta
from urllib.parse import quote
from uuid import uuid4

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.tokens import default_token_generator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.http import urlsafe_base64_encode
from playwright.sync_api import Browser
from tests import virtual_passkey
from tests.factories import sign_in
from tests.mailed_code import mailed_code

from rathaus.accounts.models import GroupGrant, Person, Role
from rathaus.accounts.queries import actor_by_id
from rathaus.appointments.actions import calling
from rathaus.appointments.kiosk_devices import link_token
from rathaus.appointments.models import Booking, CounterSession, Ticket
from rathaus.appointments.queries import Wanted, Wish, next_free
from rathaus.appointments.queries.tickets import ticket_by_token
from rathaus.appointments.ticket_states import AT_COUNTER
from rathaus.core.actor import SYSTEM
from rathaus.core.clock import local_date, now
from rathaus.core.models import OutgoingMail
from rathaus.demo.lindenfurt.people import person_id
from rathaus.payments.actions import clear_new_movements
from rathaus.payments.models import (
    Account,
    BankFile,
    BankMovement,
    CashDesk,
    Claim,
    Deposit,
    Levy,
    LevyYear,
    Payment,
    PaymentReference,
)
from rathaus.payments.tests.camt_files import detail, document, entry
from rathaus.services.models import Application, Draft

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
FORM = "application/x-www-form-urlencoded"
PASSWORD = "ein-langes-Kennwort-2026"
OWN_KEYS = (
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_list_webauthn",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "account_change_password",
)


def second_factor(client: Client) -> list[str]:
    """Everything about one's own keys, for somebody with an app and recovery codes."""
    person = Person.objects.get(pk=person_id("helga-brunner"))
    person.set_password(PASSWORD)
    person.save()
    if not Authenticator.objects.filter(user=person).exists():
        TOTP.activate(person, SECRET)
        RecoveryCodes.activate(person)
    sign_in(client, person)
    return [reverse(name) for name in OWN_KEYS]


def asked_for_the_second_factor(client: Client) -> list[str]:
    """The page between password and second factor."""
    person = Person.objects.get(pk=person_id("helga-brunner"))
    client.post("/amt/anmelden/", {"login": person.email, "password": PASSWORD})
    return [reverse("mfa_authenticate")]


def passkey(client: Client, browser: Browser) -> list[str]:
    """The pages about a passkey that a real browser set up, and the one that asks for it."""
    person = Person.objects.get(pk=person_id("lena-egger"))
    sign_in(client, person)
    keys = Authenticator.objects.filter(user=person, type=Authenticator.Type.WEBAUTHN)
    if not keys.exists():
        host = {"host": virtual_passkey.HOST}
        page = client.get(reverse("mfa_add_webauthn"), headers=host).content.decode()
        form = virtual_passkey.form_with_passkey(browser, page, name="Diensthandy")
        client.generic("POST", reverse("mfa_add_webauthn"), form, FORM, headers=host)
    key = keys.get().pk
    pages = [reverse(name, args=[key]) for name in ("mfa_edit_webauthn", "mfa_remove_webauthn")]
    return [*pages, reverse("mfa_list_webauthn"), reverse("mfa_reauthenticate_webauthn")]


def back_from_a_provider(client: Client) -> list[str]:
    """The page for somebody who comes back from a sign-in that nobody has begun."""
    return [
        reverse("accounts:id_austria_callback"),
        reverse("accounts:staff_directory_callback"),
    ]


def link_to_a_password(client: Client) -> list[str]:
    """The page behind the link by which somebody chooses a password."""
    person = Person.objects.get(pk=person_id("katharina-moser"))
    key = urlsafe_base64_encode(person.pk.bytes)
    token = default_token_generator.make_token(person)
    return [reverse("accounts:choose_password", args=[key, token])]


def address_to_prove(client: Client) -> list[str]:
    """The page that waits for the code sent to a new address."""
    client.post(reverse("accounts:email"), {"email": "neue-adresse@post.example"})
    return [reverse("accounts:confirm_email")]


def matters_of_a_guest(client: Client) -> list[str]:
    """The page that waits for the code from a guest's mailbox, and what lies behind it."""
    address = reverse("accounts:take_over")
    client.post(address, {"email": "gast@post.example"})
    code = mailed_code(recipient="gast@post.example")
    client.post(reverse("accounts:take_over_code"), {"code": code})
    client.post(address, {"email": "noch-eine@post.example"})
    return [reverse("accounts:take_over_code"), reverse("accounts:take_over_choose")]


def group_of_the_directory(client: Client) -> list[str]:
    """The page that takes a role from a group of the city's own directory."""
    role = Role.objects.get(slug="redaktion")
    grant, _ = GroupGrant.objects.get_or_create(group="presse", role=role, department=None)
    return [reverse("accounts:withdraw_group", args=[grant.pk])]


def exit_of_a_form(client: Client) -> list[str]:
    """The page that says why somebody cannot apply."""
    client.post("/antrag/hund-anmelden/", {"anew": "1"})
    draft = Draft.objects.filter(version__form="hund-anmelden", submitted_at=None).latest(
        "saved_at"
    )
    draft.answers = {**draft.answers, "geburtsdatum": "2020-01-01"}
    draft.save(update_fields=["answers"])
    return [reverse("services:exit", args=[draft.pk, "zu-jung"])]


def link_to_a_draft(client: Client) -> list[str]:
    """The page behind the link that somebody sent to themselves and opens on another device."""
    begun = client.post("/antrag/beschwerde/", follow=True).request["PATH_INFO"]
    later = begun.split("/seite/")[0] + "/spaeter/"
    client.post(later, {"email": "spaeter@post.example"})
    text = OutgoingMail.objects.filter(recipient="spaeter@post.example").latest("created_at").text
    found = re.search(r"/antrag/fortsetzen/[^/\s]+/", text)
    assert found
    del client.cookies["entwurf"]
    return [found[0]]


def numbers_of_the_queue(client: Client) -> list[str]:
    """A number drawn on the own phone, as a kiosk shows it, and the page that makes a kiosk."""
    here = "rathaus"
    drawn = client.post(reverse("appointments:kiosk", args=[here]), {"offer": "auskunft"})
    token = drawn["Location"].split("/")[2]
    link = link_token(here, 1)
    return [
        drawn["Location"],
        reverse("appointments:kiosk_number", args=[here, token]),
        reverse("appointments:kiosk_admit", args=[here, link]),
    ]


def called_number(client: Client) -> list[str]:
    """A number that a counter calls just now, on its owner's phone and on the display."""
    here = "rathaus"
    drawn = client.post(reverse("appointments:kiosk", args=[here]), {"offer": "auskunft"})
    opened = CounterSession.objects.filter(counter__location__slug=here, closed_at=None)
    clerk = actor_by_id(opened.earliest("pk").person_id)
    for row in Ticket.objects.filter(clerk=clerk.person, state__in=sorted(AT_COUNTER)):
        calling.finish_ticket(by=clerk, ticket=row.pk)
    calling.call_ticket(by=clerk, ticket=ticket_by_token(drawn["Location"].split("/")[2]).pk)
    return [drawn["Location"], reverse("appointments:display", args=[here])]


def claims_of_another_office(client: Client) -> list[str]:
    """What the treasury may let go; it is linked from cases that its own people may see."""
    charged = Application.objects.exclude(fees=[]).earliest("case_number")
    return [reverse("payments:claims", args=[charged.case_number])]


def transfer_under_way(client: Client) -> list[str]:
    """A payment by transfer with its code, begun if none runs."""
    claim = _payable_claim()
    fields = {"forderung": claim.pk, "means": "bank", "key": uuid4()}
    client.post(reverse("payments:choose"), fields)
    payment = Payment.objects.filter(parts__claim=claim, parts__runs=True).get()
    return [reverse("payments:mine"), reverse("payments:payment", args=[payment.pk])]


def choice_of_means(client: Client) -> list[str]:
    """The list with something to choose, the page that asks how to pay, and one's codes."""
    claim = _payable_claim()
    for payment in Payment.objects.filter(parts__claim=claim, parts__runs=True):
        client.post(reverse("payments:cancel", args=[payment.pk]))
    given_up = Payment.objects.filter(parts__claim=claim).latest("made_at")
    choice = f"{reverse('payments:choose')}?forderung={claim.pk}"
    return [
        reverse("payments:mine"),
        choice,
        reverse("payments:payment", args=[given_up.pk]),
    ]


def money_on_the_counter(client: Client) -> list[str]:
    """A desk at which somebody is about to pay."""
    reference = PaymentReference.objects.filter(claim__isnull=False).latest("number").reference
    desk = CashDesk.objects.earliest("pk")
    page = reverse("payments:desk", args=[desk.pk])
    return [f"{page}?referenz={reference}", f"{page}?referenz=RF00", reverse("payments:held")]


def _payable_claim() -> Claim:
    person = person_id("anna-huber")
    return Claim.objects.filter(debtor=person, due_on__isnull=False).earliest("raised_at")


def money_on_the_account(client: Client) -> list[str]:
    """A file of the bank with money that a person has to clear, and what is no incoming payment."""
    lines = (
        entry("100.00", detail(text="Hundeabgabe, danke")),
        entry("5.00", sign="DBIT", code="CHRG"),
    )
    account = Account.objects.exclude(iban="").get().iban
    content = document(*lines, account=account, identifier=f"AZ-{BankFile.objects.count()}")
    upload = SimpleUploadedFile("auszug.xml", content)
    report = client.post(reverse("payments:take_bank_files"), {"files": upload}).headers["Location"]
    clear_new_movements(by=SYSTEM)
    rows = BankMovement.objects.order_by("pk")
    return [report, *(reverse("payments:bank_movement", args=[row.pk]) for row in rows)]


def levies_and_deposits(client: Client) -> list[str]:
    """A levy with its letter, a deposit that is held, and where a further levy begins."""
    year = LevyYear.objects.filter(document__isnull=False).earliest("pk")
    levies = [
        reverse("payments:levy", args=[pk]) for pk in Levy.objects.values_list("pk", flat=True)
    ]
    deposits = Deposit.objects.values_list("pk", flat=True)
    return [
        reverse("payments:notice", args=[year.pk]),
        *levies,
        *(reverse("payments:deposit", args=[pk]) for pk in deposits),
        reverse("payments:begin_levy", args=[deposits[0]]),
    ]


def appointments_of_a_guest(client: Client) -> list[str]:
    """From the wish to the hold, and what the links in the mails lead to."""
    wish = "wunsch=fundgegenstand:1"
    wanted = Wanted("rathaus", (Wish("fundgegenstand"),))
    found = next_free(wanted, now(), count=9, within=60)[::4]  # so that none lies in another's way
    begins = [slot.begins_at.strftime("%Y-%m-%dT%H:%MZ") for slot in found]
    details = [f"/termine/daten/?{wish}&ort=rathaus&beginn={begin}" for begin in begins]
    bookings = [_hold_as_guest(client, details[number], number) for number in (0, 1)]
    used = _mailed_links(0)["bestaetigen"]
    client.post(used)
    day = local_date(found[0].begins_at).isoformat()
    times = f"/termine/zeit/?{wish}&ort=rathaus&tag={day}"
    pages = [f"/termine/ort/?{wish}", "/termine/?weiter=1", times, details[2]]
    links = {*_mailed_links(0).values(), *_mailed_links(1).values()} - {used}
    return [*pages, *sorted(links), *bookings, f"{bookings[0]}verschieben/?tag={day}"]


def appointments_of_a_citizen(client: Client) -> list[str]:
    """One's own appointments, and one that waits to be confirmed."""
    wish = "wunsch=baubewilligung:1"
    wanted = Wanted("technisches-rathaus", (Wish("baubewilligung"),))
    [slot] = next_free(wanted, now(), count=1, within=60)
    begin = slot.begins_at.strftime("%Y-%m-%dT%H:%MZ")
    address = f"/termine/daten/?{wish}&ort=technisches-rathaus&beginn={begin}"
    held = client.post(address)["Location"]
    return [address, held, f"{held}absagen/", "/termine/meine/"]


def calendar_of_a_counter(client: Client) -> list[str]:
    """A day and a week with an appointment, the appointment, and a closure that hits nobody."""
    coming = _coming_booking()
    day = local_date(coming.begins_at)
    calendar = f"{reverse('appointments:calendar')}?ort=rathaus&tag={day}"
    week = f"{calendar}&ansicht=woche"
    far = f"{local_date(now()) + timedelta(days=200)}"
    closed = {"first": far, "last": far, "reason_de": "Umbau", "reason_en": "Building works"}
    client.post(f"{reverse('appointments:planning_closure_new')}?ort=rathaus", closed)
    steps = ("calendar_booking", "calendar_move", "calendar_cancel", "given")
    pages = [reverse(f"appointments:{step}", args=[coming.pk]) for step in steps]
    planning = [
        f"{reverse(f'appointments:planning_{area}')}?ort=rathaus"
        for area in ("closures", "duties", "hours", "counters", "quotas")
    ]
    counter = coming.counter.number
    return [calendar, week, f"{week}&schalter={counter}", *pages, *planning, *_giving(coming)]


def _giving(coming: Booking) -> list[str]:
    """The free times that a clerk reads out, the page for the name, and nothing chosen."""
    wishes = "&".join(f"wunsch={wish['offer']}:{wish['persons']}" for wish in coming.chosen)
    give = reverse("appointments:give")
    places = [Wish(wish["offer"], wish["persons"]) for wish in coming.chosen]
    wanted = Wanted(coming.location.slug, places, channel="phone", kind=coming.counter.kind)
    query = f"{give}?{wishes}&ort={coming.location.slug}&art={coming.counter.kind}"
    begins = [slot.begins_at for slot in next_free(wanted, now(), count=1, within=100)]
    who = [f"{query}&beginn={quote(begin.isoformat())}" for begin in begins]
    return [f"{give}?angebot=", query, f"{query}&ab={local_date(now())}", *who]


def decision_about_appointments(client: Client) -> HttpResponse:
    """The page that asks what becomes of an appointment that a closure would hit."""
    day = f"{local_date(_coming_booking().begins_at)}"
    closed = {"first": day, "last": day, "reason_de": "Umbau"}
    return client.post(f"{reverse('appointments:planning_closure_new')}?ort=rathaus", closed)


def _coming_booking() -> Booking:
    rows = Booking.objects.filter(location__slug="rathaus", state="booked", begins_at__gt=now())
    return rows.earliest("begins_at")


def _hold_as_guest(client: Client, address: str, number: int) -> str:
    contact = {"name": "Ida Gast", "email": f"termin-{number}@post.example"}
    return client.post(address, contact)["Location"]


def _mailed_links(number: int) -> dict[str, str]:
    """The newest link for each purpose that was mailed to one of the guests."""
    mails = OutgoingMail.objects.filter(recipient=f"termin-{number}@post.example")
    texts = mails.order_by("created_at").values_list("text", flat=True)
    found = re.findall(r"(/termine/(\w+)/[\w-]+/)", "\n".join(texts))
    return {purpose: address for address, purpose in found}
