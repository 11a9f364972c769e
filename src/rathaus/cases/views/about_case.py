"""Pages of the workspace about one case: whatever they read, they read for it."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http.response import HttpResponseBase

from rathaus.cases.queries.finding import reading_case
from rathaus.core.access import Page, Request, View, staff_page


def staff_case_page(right: str) -> Callable[[Page[[UUID]]], View[[UUID]]]:
    """Like `staff_page`; the applicant sees all that was read on it under the case's number."""

    def mark(page: Page[[UUID]]) -> View[[UUID]]:
        @wraps(page)
        def read_for_it(request: Request, case: UUID) -> HttpResponseBase:
            with reading_case(request.actor, case):
                return page(request, case)

        return staff_page(right)(read_for_it)

    return mark
