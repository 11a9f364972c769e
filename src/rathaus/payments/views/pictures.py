"""Codes to scan as pictures of their own, since our pages allow nothing drawn inside them."""

import io

import segno
from django.http import HttpResponse


def picture(content: segno.QRCode | str) -> HttpResponse:
    """A code as SVG, dark on white with the quiet zone that scanners need."""
    code = content if isinstance(content, segno.QRCode) else segno.make_qr(content, error="m")
    drawn = io.BytesIO()
    code.save(drawn, kind="svg", scale=6, border=4, dark="#000", light="#fff", nl=False)
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")
