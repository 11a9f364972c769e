"""Addresses of the appointments domain."""

from django.urls import URLPattern, path

from rathaus.appointments.views import (
    choosing,
    counter,
    desk,
    display,
    kiosk,
    linked,
    own,
    ticket,
)

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
    path("kiosk/<slug:location>/", kiosk.start, name="kiosk"),
    path("kiosk/<slug:location>/termin/", kiosk.appointment, name="kiosk_appointment"),
    path("kiosk/<slug:location>/nummer/<str:token>/", kiosk.number, name="kiosk_number"),
    path("kiosk/<slug:location>/anmelden/<str:token>/", kiosk.admit, name="kiosk_admit"),
    path("ticket/<str:token>/", ticket.ticket, name="ticket"),
    path("ticket/<str:token>/stand/", ticket.part, name="ticket_part"),
    path("ticket/<str:token>/leitung/", ticket.line, name="ticket_line"),
    path("ticket/<str:token>/gehen/", ticket.leave, name="ticket_leave"),
    path("ticket/<str:token>/nummer.pdf", ticket.slip, name="ticket_slip"),
    path("anzeige/<slug:location>/", display.page, name="display"),
    path("anzeige/<slug:location>/stand/", display.part, name="display_part"),
    path("anzeige/<slug:location>/leitung/", display.line, name="display_line"),
    path("amt/schalter/", counter.counter, name="counter"),
    path("amt/schalter/stand/", counter.part, name="counter_part"),
    path("amt/schalter/leitung/", counter.line, name="counter_line"),
    path("amt/schalter/empfang/", desk.desk, name="desk"),
    path("amt/schalter/zahlen/", desk.figures, name="figures"),
    path("amt/schalter/automaten/", desk.kiosk_devices, name="kiosk_devices"),
    path("amt/schalter/<str:step>/", counter.act, name="counter_act"),
]
