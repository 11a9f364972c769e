"""The house with one page more: it says who acts, and asks nothing else of the database."""

from django.http import HttpResponse
from django.urls import path

from rathaus.config.urls import handler403, handler404, handler500
from rathaus.config.urls import urlpatterns as house
from rathaus.core.access import Request, public_page


@public_page
def who_acts(request: Request) -> HttpResponse:
    """The kind of whoever acts."""
    return HttpResponse(request.actor.kind)


urlpatterns = [*house, path("_actor/", who_acts)]

__all__ = ["handler403", "handler404", "handler500", "urlpatterns"]
