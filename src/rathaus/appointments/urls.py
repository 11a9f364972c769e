"""Addresses of the appointments domain."""

from django.urls import URLPattern, path

from rathaus.appointments.views import choosing, linked, own

app_name = "appointments"

urlpatterns: list[URLPattern] = [
    path("termine/", choosing.choose, name="choose"),
    path("termine/ort/", choosing.place, name="place"),
    path("termine/zeit/", choosing.times, name="times"),
    path("termine/daten/", choosing.details, name="details"),
    path("termine/meine/", own.mine, name="mine"),
    path("termine/bestaetigen/<str:token>/", linked.confirm, name="link_confirm"),
    path("termine/verschieben/<str:token>/", linked.move, name="link_move"),
    path("termine/absagen/<str:token>/", linked.cancel, name="link_cancel"),
    path("termine/<uuid:booking>/", own.booking, name="booking"),
    path("termine/<uuid:booking>/bestaetigen/", own.confirm, name="confirm"),
    path("termine/<uuid:booking>/verschieben/", own.move, name="move"),
    path("termine/<uuid:booking>/absagen/", own.cancel, name="cancel"),
    path("termine/<uuid:booking>/kalender/", own.calendar, name="calendar"),
]
