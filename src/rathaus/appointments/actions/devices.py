"""Which devices in the hall are kiosks; an administrator decides it."""

from __future__ import annotations

from rathaus.appointments.actions.tickets import location_named
from rathaus.appointments.kiosk_devices import link_token
from rathaus.appointments.models import QueueSettings
from rathaus.appointments.queries.queue_settings import settings_of
from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.transaction import atomic

PLAN = "appointments.plan"


@atomic
def admit_kiosk(*, by: Actor, location: str) -> str:
    """A secret that makes the device which opens it a kiosk, for a quarter of an hour.

    Raises `NotAllowed` without `appointments.plan` in the location's department.
    """
    place = location_named(location)
    by.require(PLAN, place.department_id)
    record(by=by, did="appointments.kiosk_admitted", on=place)
    return link_token(place.slug, settings_of(place).kiosk_generation)


@atomic
def reset_kiosks(*, by: Actor, location: str) -> None:
    """No device is a kiosk of the location any more, and no open link makes one."""
    place = location_named(location)
    by.require(PLAN, place.department_id)
    row, _made = QueueSettings.objects.get_or_create(location=place)
    row = QueueSettings.objects.select_for_update().get(pk=row.pk)
    row.kiosk_generation += 1
    row.save(update_fields=["kiosk_generation"])
    record(by=by, did="appointments.kiosks_reset", on=place)
