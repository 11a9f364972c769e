"""What stands on every page of the workspace."""

from __future__ import annotations

from django import template
from django.http import HttpRequest
from django.template import RequestContext
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rathaus.core.actor import ANONYMOUS
from rathaus.core.domain import LiveNotice, live_notices

register = template.Library()


@register.simple_tag(takes_context=True, name="live_notices")
def notices(context: RequestContext) -> SafeString:
    """The notices of all domains, each in a part that changes by itself."""
    request: HttpRequest = context["request"]
    found = live_notices(getattr(request, "actor", ANONYMOUS))
    shown = format_html_join("", "{}", ((_part(notice, request),) for notice in found))
    return format_html('<div class="notices" data-rings>{}</div>', shown) if found else shown


def _part(notice: LiveNotice, request: HttpRequest) -> SafeString:
    return format_html(
        '<div data-live="{}" data-part="{}" data-shared>{}</div><p class="notices__stale">{}</p>',
        reverse(notice.line),
        reverse(notice.part),
        notice.shown(request),
        _("Keine Verbindung: Meldungen kommen hier gerade nicht an."),
    )
