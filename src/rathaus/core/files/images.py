"""Photos and scans: turned upright, then drawn anew, so that nothing but the picture remains."""

import io
from typing import BinaryIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from rathaus.core.files.errors import DamagedFile, DangerousFile

MOST_PIXELS = 64_000_000
# Pillow's own limit is milder and half of it only a warning; ours is asked before a dot is decoded.
Image.MAX_IMAGE_PIXELS = None
FORMATS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}
QUALITY = 90


def without_metadata(content: BinaryIO, slug: str) -> BinaryIO:
    """The picture alone: no place, camera, name, comment or preview; upright as the camera held it.

    Raises `DangerousFile` for more than 64 million pixels and `DamagedFile` for no picture.
    """
    try:
        with Image.open(content, formats=[FORMATS[slug]]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise DangerousFile(
                    _(
                        "Das Bild ist mit %(width)s × %(height)s Bildpunkten zu groß. "
                        "Bitte verkleinern Sie es."
                    )
                    % {"width": image.width, "height": image.height}
                )
            return _drawn_anew(image, FORMATS[slug])
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        Image.DecompressionBombError,
    ) as error:
        raise DamagedFile from error


def _drawn_anew(image: Image.Image, form: str) -> BinaryIO:
    colours = image.info.get("icc_profile")
    upright = ImageOps.exif_transpose(image)
    if form == "JPEG" and upright.mode not in ("L", "RGB", "CMYK"):
        upright = upright.convert("RGB")
    upright.info = (
        {"transparency": image.info["transparency"]} if "transparency" in image.info else {}
    )
    drawn = io.BytesIO()
    upright.save(drawn, format=form, quality=QUALITY, exif=b"", icc_profile=colours)
    drawn.seek(0)
    return drawn
