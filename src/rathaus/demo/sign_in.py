"""The demo's own door: one button per person. It opens without a key and exists in the demo profile
alone.
"""

from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from rathaus.accounts.unlocked_door import enter_as
from rathaus.core.access import Request, public_page
from rathaus.core.errors import NotFound
from rathaus.demo.lindenfurt.people import account_of, demo_people


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
    if slug not in {known.slug for known in demo_people()}:
        raise NotFound
    return enter_as(request, person=account_of(slug))
