"""Pages of the trail: for everybody, for the person concerned, for auditors."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from rathaus.audit import actions, queries
from rathaus.audit.forms import Cursor, OwnLines, RecordsForm
from rathaus.audit.models import Act
from rathaus.core.access import Request, citizen_page, public_page, staff_page

R = TypeVar("R", HttpResponse, StreamingHttpResponse)

VERIFIER = Path(__file__).with_name("verify.py")


@public_page
def public(request: Request) -> HttpResponse:
    """The fingerprints of the last days and how to check them."""
    known = {"roots": queries.published_roots(), "examined": queries.last_examination()}
    return render(request, "audit/public.html", known)


@public_page
def roots(request: Request) -> HttpResponse:
    """Every published fingerprint, for `verify.py`."""
    response = JsonResponse(queries.roots_document(), json_dumps_params={"indent": 1})
    return _download(response, "wurzeln.json")


@public_page
def growth(request: Request, old: int, new: int) -> HttpResponse:
    """The proof that a later fingerprint only adds to an earlier one."""
    return _download(JsonResponse(queries.growth_proof(old, new)), f"zuwachs-{old}-{new}.json")


@public_page
def verifier(request: Request) -> HttpResponse:
    """The program with which anybody can check exports and proofs."""
    response = HttpResponse(VERIFIER.read_bytes(), content_type="text/x-python; charset=utf-8")
    return _download(response, "verify.py")


@citizen_page
def mine(request: Request) -> HttpResponse:
    """Who looked at my data."""
    wanted, before = OwnLines(request.GET), Cursor.of(request)
    by, case, with_own = request.actor, wanted.case(), wanted.with_own()
    known = {
        "page": queries.occurrences_about(by=by, case=case, with_own=with_own, before=before),
        "offices": queries.offices_lately(by=by, case=case),
        "lately": queries.LATELY,
        "case": case,
        "with_own": with_own,
        "before": before,
        "rest": wanted.rest(),
        "Act": Act,
    }
    return render(request, "audit/mine.html", known)


@citizen_page
def mine_as_table(request: Request) -> StreamingHttpResponse:
    """The same as a table for a spreadsheet."""
    lines = queries.all_lines_about(queries.reader_of(request.actor))
    response = StreamingHttpResponse(_table(lines), content_type="text/csv; charset=utf-8")
    return _download(response, "einsicht.csv")


@citizen_page
def proof(request: Request, seq: int) -> HttpResponse:
    """The proof that a line stands unchanged in the published trail."""
    document = queries.proof_of(seq, reader=queries.reader_of(request.actor))
    response = JsonResponse(document, json_dumps_params={"indent": 1, "ensure_ascii": False})
    return _download(response, f"beweis-{seq}.json")


@staff_page("audit.read")
def records(request: Request) -> HttpResponse:
    """The trail for auditors."""
    form = RecordsForm(request.GET)
    page = queries.records(by=request.actor, wanted=form.wanted(), before=Cursor.of(request))
    known = {
        "form": form,
        "page": page,
        "rest": form.rest(),
        "may_export": request.actor.may("audit.export"),
    }
    return render(request, "audit/records.html", known)


@staff_page("audit.export")
def export(request: Request) -> StreamingHttpResponse:
    """The whole trail as JSON lines, for `verify.py`."""
    lines = actions.export(by=request.actor)
    response = StreamingHttpResponse(lines, content_type="application/jsonl; charset=utf-8")
    return _download(response, "export.jsonl")


def _download(response: R, name: str) -> R:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


class _Echo:
    """What `csv.writer` writes to: it hands every row back."""

    def write(self, row: str) -> str:
        """The row itself."""
        return row


def _table(lines: Iterator[queries.Line]) -> Iterator[str]:
    writer = csv.writer(_Echo(), delimiter=";")
    yield "\ufeff"
    yield writer.writerow([_("Zeit"), _("Was"), _("Art"), _("Stelle"), _("Anliegen"), _("Grund")])
    for line in lines:
        at = localtime(line.at).strftime("%d.%m.%Y %H:%M:%S")
        cells = [at, line.sentence, str(line.act.label), line.office, line.case, line.why]
        yield writer.writerow([harmless(cell) for cell in cells])


def harmless(cell: str) -> str:
    """Text that no spreadsheet takes for a formula (OWASP: CSV injection)."""
    return (
        f"'{cell}"
        if cell.lstrip()[:1] in ("=", "+", "-", "@") or cell[:1] in ("\t", "\r", "\n")
        else cell
    )
