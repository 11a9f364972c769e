"""Saving for later, coming back by link, throwing a draft away, and looking at its files."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from rathaus.core.access import Request, public_page
from rathaus.core.errors import Invalid
from rathaus.core.files import open_file
from rathaus.services.actions.drafts import discard_draft
from rathaus.services.actions.forgetting import KEPT_FOR
from rathaus.services.actions.resuming import mail_resume_link, use_resume_link
from rathaus.services.draft_access import LINK_LASTS
from rathaus.services.form_errors import LinkExpired
from rathaus.services.forms.document import canonical
from rathaus.services.queries.addresses import addresses_like
from rathaus.services.queries.forms import (
    compiled,
    draft_file,
    draft_for,
    draft_opened_before,
    published_version,
    resume_links,
    unfinished,
)
from rathaus.services.views.drafts import draft_page, knock_of, knock_with_device, remember


@never_cache
@require_safe
@public_page
def unfinished_drafts(request: Request) -> HttpResponse:
    """What somebody has begun and not sent: in their account, or as a guest on this device."""
    context = {"drafts": unfinished(knock_of(request))}
    return render(request, "services/application/drafts.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def later(request: Request, draft: UUID) -> HttpResponse:
    """Everything is saved; guests can have a link sent, others find the draft in their account."""
    knock = knock_of(request)
    row = draft_for(knock, draft)
    context = {
        "form": compiled(row.version.sha256).document,
        "draft": row,
        "days": LINK_LASTS.days,
        "days_kept": KEPT_FOR.days,
    }
    if request.method != "POST":
        return render(request, "services/application/later.html", context)
    email = request.POST.get("email", "").strip()
    try:
        mail_resume_link(knock=knock, draft=draft, email=email, address=_link_in(request))
    except Invalid as error:
        context |= {"email": email, "error": error.message}
        return render(request, "services/application/later.html", context, status=422)
    return render(request, "services/application/later.html", {**context, "sent_to": email})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def resume(request: Request, token: str) -> HttpResponse:
    """Open a draft by the link from a mail; only the button uses it up, not a preview.

    Where it was used before, it goes on leading to the draft.
    """
    known = draft_opened_before(knock_of(request), token)
    if known is not None:
        return redirect("services:draft", known)
    if request.method == "POST":
        knock = knock_with_device(request)
        return remember(
            redirect("services:draft", use_resume_link(knock=knock, token=token)), knock
        )
    if not resume_links(token).exists():
        raise LinkExpired
    return render(request, "services/application/resume.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def discard(request: Request, draft: UUID) -> HttpResponse:
    """Throw a draft away, after asking."""
    knock = knock_of(request)
    row = draft_for(knock, draft)
    document = compiled(row.version.sha256).document
    if request.method == "POST":
        discard_draft(knock=knock, draft=draft)
        messages.success(request, _("Der Entwurf ist gelöscht."))
        return redirect("services:start", document.form)
    return render(request, "services/application/discard.html", {"form": document, "draft": row})


@never_cache
@require_safe
@draft_page
def file(request: Request, draft: UUID, file: UUID) -> HttpResponseBase:
    """A file of one's own draft, always as a download."""
    stored = draft_file(draft_for(knock_of(request), draft), file).stored
    return FileResponse(
        open_file(stored),
        as_attachment=True,
        filename=stored.name,
        content_type=stored.content_type,
    )


@require_safe
@public_page
def addresses(request: Request) -> HttpResponse:
    """Addresses that begin like `q`, as a fragment for the address field."""
    matches = addresses_like(request.GET.get("q", "")[:100])
    return render(request, "services/application/addresses.html", {"matches": matches})


@require_safe
@public_page
def version(request: Request, form: str, number: int) -> HttpResponse:
    """One published version of a form, for ever the same; its fingerprint is the ETag."""
    row = published_version(form, number)
    response = HttpResponse(canonical(row.document), content_type="application/json")
    response.headers["ETag"] = f'"{row.sha256}"'
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _link_in(request: Request) -> Callable[[str], str]:
    return lambda token: request.build_absolute_uri(reverse("services:resume", args=[token]))
