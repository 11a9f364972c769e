"""A link as a QR code, drawn as one path of an SVG."""

from base64 import b64encode

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

_QUIET = 4  # the margin that the standard wants, in modules


def qr_svg(text: str) -> str:
    """Black on white, as large as its container."""
    code = QRCode(border=_QUIET, error_correction=ERROR_CORRECT_M)
    code.add_data(text)
    rows = code.get_matrix()
    size = len(rows)
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" '
        'shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{path}"/></svg>'
    )


def qr_picture(text: str) -> str:
    """The same as the address of an image."""
    return f"data:image/svg+xml;base64,{b64encode(qr_svg(text).encode()).decode()}"
