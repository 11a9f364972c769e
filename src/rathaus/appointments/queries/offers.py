"""What can be booked, and where: for everybody."""

from collections.abc import Sequence

from rathaus.appointments.models import Location, Offer
from rathaus.appointments.needs import Wish
from rathaus.core.localized import localize


def offers() -> list[Offer]:
    """Everything that can be booked, by its title."""
    found = Offer.objects.filter(active=True)
    return sorted(found, key=lambda offer: localize(offer.title).casefold())


def offers_named(wishes: Sequence[Wish]) -> list[Offer]:
    """The offers of these wishes that can be booked, in their order."""
    slugs = [wish.offer for wish in wishes]
    found = {offer.slug: offer for offer in Offer.objects.filter(slug__in=slugs, active=True)}
    return [found[slug] for slug in slugs if slug in found]


def offer_of_service(service: str) -> Offer | None:
    """What can be booked for a service of the catalogue, if anything."""
    return Offer.objects.filter(service_slug=service, active=True).exclude(service_slug="").first()


def locations() -> list[Location]:
    """Where people are served, by name."""
    found = Location.objects.filter(active=True)
    return sorted(found, key=lambda place: localize(place.name).casefold())


def location_named(slug: str) -> Location | None:
    """The active location of that slug."""
    return Location.objects.filter(slug=slug, active=True).first()
