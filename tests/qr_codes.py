"""QR codes as a phone's camera reads them."""

import io
from typing import BinaryIO

import zxingcpp
from PIL import Image


def scanned(picture: bytes | BinaryIO) -> str:
    """The text of the one QR code in a picture; chance patterns of other codes do not count."""
    source = io.BytesIO(picture) if isinstance(picture, bytes) else picture
    [found] = zxingcpp.read_barcodes(Image.open(source), formats=zxingcpp.BarcodeFormat.QRCode)
    return str(found.text)
