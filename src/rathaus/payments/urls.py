"""Addresses of the payments domain."""

from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.urls.converters import StringConverter

from rathaus.payments import rest
from rathaus.payments.views import cash, claims, hearing, paying


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
    path("amt/forderungen/<reference:reference>/", claims.claims, name="claims"),
    path("amt/kassa/", cash.desks, name="desks"),
    path("amt/kassa/<int:desk>/", include(counter)),
    path("amt/zahlungen/angehalten/", cash.held, name="held"),
]
