"""The demo's own door: one button per person. It opens without a key and exists in the demo profile
alone.
"""

from itertools import groupby

from allauth.account.utils import perform_login
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from rathaus.accounts.models import Person
from rathaus.accounts.second_factor import note_second_factor
from rathaus.core.access import Request, public_page
from rathaus.core.errors import NotFound
from rathaus.demo.lindenfurt.people import demo_people, person_id


@public_page
@never_cache
def sign_in(request: Request) -> HttpResponse:
    """Everybody one can be; a click on one signs in as them, whoever one was before."""
    if request.method == "POST":
        return _become(request, request.POST.get("person", ""))
    people = demo_people()
    groups = [(group, list(found)) for group, found in groupby(people, lambda person: person.group)]
    details = {"groups": groups, "next": request.GET.get("next", "")}
    return render(request, "demo/sign_in.html", details)


def _become(request: Request, slug: str) -> HttpResponse:
    person = Person.objects.filter(pk=person_id(slug), is_active=True).first()
    if person is None or slug not in {known.slug for known in demo_people()}:
        raise NotFound
    request.session.flush()
    if person.kind == Person.Kind.STAFF:
        note_second_factor(request, person)
    response: HttpResponse = perform_login(request, person)
    return response
