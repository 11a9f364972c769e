"""The clerk's first page of the day, and the inbox."""

from dataclasses import asdict
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rathaus.cases import queries
from rathaus.cases.deadlines import Level
from rathaus.cases.forms import InboxForm
from rathaus.cases.phases import Phase
from rathaus.cases.words import LEVELS, PHASES
from rathaus.core.access import Request, staff_page


@require_safe
@staff_page()
def dashboard(request: Request) -> HttpResponse:
    """Figures of all domains, own cases, what is due next."""
    return render(request, "cases/dashboard.html", {"board": queries.dashboard(by=request.actor)})


@require_safe
@staff_page("cases.read")
def inbox(request: Request) -> HttpResponse:
    """The cases of one's departments."""
    wanted = InboxForm(request.GET).wanted()
    page = queries.inbox(
        by=request.actor,
        wanted=wanted,
        after=queries.parse_cursor(request.GET.get("after", "")),
        before=queries.parse_cursor(request.GET.get("before", "")),
    )
    context = {
        "page": page,
        "hits": queries.count_hits(by=request.actor, wanted=wanted),
        "wanted": wanted,
        "choices": queries.inbox_choices(by=request.actor, procedure=wanted.procedure),
        "phases": _phases(),
        "levels": [(level.value, LEVELS[level]) for level in Level],
        "assignments": [("me", _("mir")), ("nobody", _("niemandem"))],
        "everywhere": _everywhere(wanted),
        "previous": _link(wanted, before=page.previous),
        "next": _link(wanted, after=page.next),
    }
    return render(request, "cases/inbox.html", context)


def _phases() -> list[tuple[str, object]]:
    shown = [phase for phase in Phase if phase is not Phase.DRAFT]
    return [
        ("open", _("alle offenen")),
        ("approval", _("zur Genehmigung")),
        *((phase.value, PHASES[phase]) for phase in shown),
        ("all", _("alle")),
    ]


def _everywhere(wanted: queries.InboxFilter) -> str:
    """The address of all cases with the same words; empty without words, and there itself."""
    everywhere = queries.InboxFilter(phase="all", words=wanted.words)
    return _address(everywhere) if wanted.words and wanted != everywhere else ""


def _link(wanted: queries.InboxFilter, **cursor: str) -> str:
    """The address of the neighbouring page with the same filters; empty where there is none."""
    return _address(wanted, **cursor) if any(cursor.values()) else ""


def _address(wanted: queries.InboxFilter, **cursor: str) -> str:
    filters = {name: value for name, value in asdict(wanted).items() if value not in (None, "")}
    return "?" + urlencode({**filters, **cursor})
