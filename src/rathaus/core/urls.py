"""Addresses that belong to no domain."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, path
from django.views.i18n import set_language

from rathaus.core import views
from rathaus.core.status import views as status

app_name = "core"

urlpatterns: list[URLPattern | URLResolver] = [
    path("stadt.css", views.colours, name="colours"),
    path("wappen.svg", views.crest, name="crest"),
    path("sprache/", set_language, name="language"),
    path("impressum/", views.imprint, name="imprint"),
    path("datenschutz/", views.privacy, name="privacy"),
    path("barrierefreiheit/", views.accessibility, name="accessibility"),
    path("status/", status.status, name="status"),
    path("status.json", status.status_json, name="status_json"),
    path(".well-known/security.txt", status.security_txt, name="security_txt"),
]

if settings.DEMO_SIGN_IN:
    urlpatterns.append(path("demo/bausteine/", views.building_blocks, name="building_blocks"))
