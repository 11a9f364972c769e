"""A link or a short text as a QR code, drawn as SVG."""

import io

import segno


def qr_svg(text: str) -> str:
    """Dark on white with the quiet zone that scanners need, as large as its container."""
    drawn = io.BytesIO()
    code = segno.make_qr(text, error="m")
    code.save(drawn, kind="svg", border=4, dark="#000", light="#fff", omitsize=True, nl=False)
    return drawn.getvalue().decode()


def qr_picture(text: str) -> str:
    """The same as the address of an image."""
    return segno.make_qr(text, error="m").svg_data_uri(
        border=4, dark="#000", light="#fff", omitsize=True
    )
