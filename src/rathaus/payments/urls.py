"""Addresses of the payments domain."""

from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter

from rathaus.payments import views


class ReferenceConverter(StringConverter):
    """The name of a matter: letters of any language, digits and hyphens, as in `BÜ-2026-000001`."""

    regex = r"[\w-]+"


register_converter(ReferenceConverter, "reference")

app_name = "payments"

urlpatterns: list[URLPattern] = [
    path("amt/forderungen/<reference:reference>/", views.claims, name="claims"),
]
