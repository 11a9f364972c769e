"""Addresses of the demo."""

from django.urls import URLPattern, URLResolver, path

from rathaus.demo import views

app_name = "demo"

urlpatterns: list[URLPattern | URLResolver] = [
    path("postfach/", views.mailbox_page, name="mailbox"),
    path("postfach/<uuid:mail>/<uuid:file>/", views.mail_attachment, name="mail_attachment"),
]
