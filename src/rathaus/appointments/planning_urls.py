"""Addresses of planning."""

from django.urls import URLPattern, path

from rathaus.appointments.views.planning import (
    offers,
    overview,
    people,
    places,
    times_off,
    weekly,
)

BELOW = "amt/termine/planung/"
HOURS = f"{BELOW}oeffnungszeiten/"
DUTIES = f"{BELOW}dienste/"
CLOSURES = f"{BELOW}schliessungen/"
ABSENCES = f"{BELOW}abwesenheiten/"
SKILLS = f"{BELOW}faehigkeiten/"
COUNTERS = f"{BELOW}schalter/"
OFFERS = f"{BELOW}angebote/"

planning_patterns: list[URLPattern] = [
    path(BELOW, overview.planning, name="planning"),
    path(HOURS, weekly.hours, name="planning_hours"),
    path(f"{HOURS}neu/", weekly.new_hours, name="planning_hours_new"),
    path(f"{HOURS}<int:hours>/", weekly.one_hours, name="planning_hours_change"),
    path(f"{HOURS}<int:hours>/beenden/", weekly.end_hours, name="planning_hours_end"),
    path(DUTIES, weekly.duties, name="planning_duties"),
    path(f"{DUTIES}neu/", weekly.new_duty, name="planning_duty_new"),
    path(f"{DUTIES}<int:duty>/", weekly.duty, name="planning_duty"),
    path(f"{DUTIES}<int:duty>/beenden/", weekly.end_duty, name="planning_duty_end"),
    path(CLOSURES, times_off.closures, name="planning_closures"),
    path(f"{CLOSURES}neu/", times_off.new_closure, name="planning_closure_new"),
    path(f"{CLOSURES}<int:closure>/", times_off.closure, name="planning_closure"),
    path(
        f"{CLOSURES}<int:closure>/aufheben/",
        times_off.remove_closure,
        name="planning_closure_remove",
    ),
    path(ABSENCES, times_off.absences, name="planning_absences"),
    path(f"{ABSENCES}neu/", times_off.new_absence, name="planning_absence_new"),
    path(f"{ABSENCES}<int:absence>/", times_off.absence, name="planning_absence"),
    path(
        f"{ABSENCES}<int:absence>/entfernen/",
        times_off.remove_absence,
        name="planning_absence_remove",
    ),
    path(SKILLS, people.people, name="planning_people"),
    path(f"{SKILLS}neu/", people.new_skill, name="planning_skill_new"),
    path(f"{SKILLS}<int:skill>/", people.skill, name="planning_skill"),
    path(f"{SKILLS}<uuid:person>/", people.person, name="planning_person"),
    path(f"{BELOW}kontingente/", places.quotas, name="planning_quotas"),
    path(COUNTERS, places.counters, name="planning_counters"),
    path(f"{COUNTERS}neu/", places.new_counter, name="planning_counter_new"),
    path(f"{COUNTERS}<int:counter>/", places.counter, name="planning_counter"),
    path(OFFERS, offers.offers, name="planning_offers"),
    path(f"{OFFERS}neu/", offers.new_offer, name="planning_offer_new"),
    path(f"{OFFERS}<int:offer>/", offers.offer, name="planning_offer"),
]
