"""Addresses of the payments domain."""

from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.urls.converters import StringConverter

from rathaus.payments import rest
from rathaus.payments.views import (
    bank,
    cash,
    claims,
    demanding,
    deposits,
    hearing,
    ledger,
    levies,
    money,
    paying,
    receipts,
    refunds,
)


class ReferenceConverter(StringConverter):
    """The name of a matter: letters of any language, digits and hyphens, as in `BÜ-2026-000001`."""

    regex = r"[\w-]+"


register_converter(ReferenceConverter, "reference")

app_name = "payments"

own: list[URLPattern | URLResolver] = [
    path("", paying.payment, name="payment"),
    path("zurueck/", paying.back, name="back"),
    path("weiter/", paying.go_on, name="go_on"),
    path("abbrechen/", paying.cancel, name="cancel"),
    path("code.svg", paying.code, name="code"),
]
counter: list[URLPattern | URLResolver] = [
    path("", cash.desk, name="desk"),
    path("oeffnen/", cash.open_desk, name="open_desk"),
    path("einnehmen/", cash.take, name="take_cash"),
    path("abschliessen/", cash.close_desk, name="close_desk"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("meine-zahlungen/", paying.mine, name="mine"),
    path("meine-zahlungen/zahlen/", paying.choose, name="choose"),
    path("meine-zahlungen/<uuid:payment>/", include(own)),
    path("zahlungsdienste/stripe/", hearing.stripe_message, name="stripe_message"),
    path("api/payments", rest.payments, name="api_payments"),
    path("api/payments/<uuid:payment>", rest.payment, name="api_payment"),
    path("zahlungen/vorschreibungen/<int:levy_year>/", levies.own_notice, name="own_notice"),
    path("amt/abgaben/", levies.levies, name="levies"),
    path("amt/abgaben/<uuid:levy>/", levies.levy, name="levy"),
    path("amt/abgaben/<uuid:levy>/aendern/", levies.change_levy, name="change_levy"),
    path("amt/abgaben/<uuid:levy>/beenden/", levies.end_levy, name="end_levy"),
    path("amt/abgaben/schreiben/<int:levy_year>/", levies.notice, name="notice"),
    path("amt/forderung/<uuid:claim>/abgabe/", levies.begin_levy, name="begin_levy"),
    path("amt/kautionen/", deposits.deposits, name="deposits"),
    path("amt/kautionen/<uuid:deposit>/", deposits.deposit, name="deposit"),
    path("amt/kautionen/<uuid:deposit>/rueckgabe/", deposits.return_deposit, name="return_deposit"),
    path("amt/kautionen/<uuid:deposit>/frist/", deposits.set_day, name="set_return_day"),
    path("amt/forderungen/<reference:reference>/", claims.claims, name="claims"),
    path("amt/forderungen/<reference:reference>/neu/", demanding.demand, name="demand"),
    path("amt/kassa/", cash.desks, name="desks"),
    path("amt/kassa/<int:desk>/", include(counter)),
    path("amt/zahlungen/angehalten/", cash.held, name="held"),
    path("zahlungen/belege/", receipts.own_receipts, name="own_receipts"),
    path("zahlungen/belege/<uuid:receipt>/", receipts.own_receipt, name="own_receipt"),
    path("zahlungen/schreiben/<int:reminder>/", receipts.own_letter, name="own_letter"),
    path("amt/forderung/<uuid:claim>/", money.claim, name="claim"),
    path("amt/forderung/<uuid:claim>/verrechnen/", money.settle, name="set_off"),
    path("amt/forderung/<uuid:claim>/raten/", money.split, name="split"),
    path("amt/forderung/<uuid:claim>/rueckzahlung/", money.return_money, name="return_money"),
    path("amt/belege/<uuid:receipt>/", receipts.receipt, name="receipt"),
    path("amt/mahnschreiben/", receipts.letters, name="letters"),
    path("amt/mahnschreiben/<int:reminder>/", receipts.letter, name="letter"),
    path("amt/rueckzahlungen/", refunds.refunds, name="refunds"),
    path("amt/rueckzahlungen/datei/", refunds.hand_over, name="hand_over_transfers"),
    path("amt/rueckzahlungen/dateien/<int:transfer>/", refunds.transfer, name="transfer"),
    path("amt/rueckzahlungen/<uuid:refund>/erledigt/", refunds.done, name="end_refund"),
    path("amt/rueckzahlungen/<uuid:refund>/gescheitert/", refunds.failed, name="fail_refund"),
    path("amt/buchhaltung/", ledger.journal, name="journal"),
    path("amt/buchhaltung/konten/", ledger.accounts, name="accounts"),
    path("amt/buchhaltung/konten/<int:account>/", ledger.account, name="account"),
    path("amt/buchhaltung/salden/", ledger.trial_balance, name="trial_balance"),
    path("amt/buchhaltung/abschluss/", ledger.closing, name="closing"),
    path("amt/buchhaltung/abschluss/bis/", ledger.close, name="close"),
    path("amt/buchhaltung/uebergaben/", ledger.hand_over, name="export_period"),
    path("amt/buchhaltung/uebergaben/<int:export>/", ledger.export, name="export"),
    path("amt/bank/", bank.bank, name="bank"),
    path("amt/bank/dateien/", bank.take_files, name="take_bank_files"),
    path("amt/bank/dateien/<uuid:bank_file>/", bank.bank_file, name="bank_file"),
    path("amt/bank/<int:movement>/", bank.movement, name="bank_movement"),
    path("amt/bank/<int:movement>/zuordnen/", bank.clear, name="clear_movement"),
    path("amt/bank/<int:movement>/zurueckzahlen/", bank.refuse, name="refuse_movement"),
    path("amt/bank/<int:movement>/vermerken/", bank.seen, name="mark_movement_seen"),
]
