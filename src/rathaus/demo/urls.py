"""Addresses of the demo."""

from django.urls import URLPattern, URLResolver, path

from rathaus.demo import sign_in, views

app_name = "demo"

urlpatterns: list[URLPattern | URLResolver] = [
    path("anmelden/", sign_in.sign_in, name="sign_in"),
    path("videoraum/<slug:room>/", views.video_room, name="video_room"),
    path("postfach/", views.mailbox_page, name="mailbox"),
    path("postfach/<uuid:mail>/<uuid:file>/", views.mail_attachment, name="mail_attachment"),
]
