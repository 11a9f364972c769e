"""What demo people hand in: letters that say what they stand for, and a drawn photograph."""

from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw

from rathaus.core import pdf

LEAF_GREEN = (52, 96, 70)
SKY = (198, 219, 229)


@cache
def paper(name: str) -> bytes:
    """A file of that name: a picture for `.jpg`, else a one-page PDF."""
    return _photograph() if name.endswith(".jpg") else _letter(name.rsplit(".", 1)[0])


def _letter(title: str) -> bytes:
    text = "Muster für die Vorführung. Hier stünde das Dokument, das jemand eingereicht hat."
    return pdf.render("letter", {"title": title, "text": text})


def _photograph() -> bytes:
    image = Image.new("RGB", (960, 720), SKY)
    draw = ImageDraw.Draw(image)
    draw.polygon([(480, 60), (260, 560), (700, 560)], fill=LEAF_GREEN)
    draw.rectangle([450, 560, 510, 700], fill=(94, 70, 52))
    content = BytesIO()
    image.save(content, "JPEG", quality=80)
    return content.getvalue()
