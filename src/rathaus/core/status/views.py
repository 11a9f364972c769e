"""The public status page, the same for programs, and where to report a weak point."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from rathaus.core.access import Request, public_page
from rathaus.core.city import current_city
from rathaus.core.clock import now
from rathaus.core.status.report import Overall, Report, status_report

CONTACT_VALID_FOR = timedelta(days=180)


@public_page
@require_safe
@never_cache
def status(request: Request) -> HttpResponseBase:
    """The page for people; 503 when nobody can do anything here."""
    report = status_report()
    context = {"report": report}
    if not report.has_database:
        page = render_to_string("core/status_without_database.html", context)
        return HttpResponse(page, status=_code(report))
    return render(request, "core/status.html", context, status=_code(report))


@public_page
@require_safe
@never_cache
def status_json(request: Request) -> HttpResponseBase:
    """The same for programs that watch the house; `ok` is null for what is not known."""
    report = status_report()
    probes = [
        {"name": health.name, "ok": health.ok, "message": str(health.message)}
        for health in report.health
    ]
    content = {
        "status": report.overall,
        "checked_at": report.checked_at.isoformat(timespec="seconds"),
        "probes": probes,
    }
    as_written = {"ensure_ascii": False}
    return JsonResponse(content, status=_code(report), json_dumps_params=as_written)


@public_page
@require_safe
@cache_control(public=True, max_age=3600)
def security_txt(request: Request) -> HttpResponseBase:
    """Where to report a weak point (RFC 9116): the city's own address, valid for half a year."""
    expires = (now() + CONTACT_VALID_FOR).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {_contact(request)}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: de, en",
        f"Canonical: {request.build_absolute_uri(request.path)}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _contact(request: HttpRequest) -> str:
    city = current_city()
    return f"mailto:{city.email}" if city.email else request.build_absolute_uri("/impressum/")


def _code(report: Report) -> int:
    return 503 if report.overall is Overall.DOWN else 200
