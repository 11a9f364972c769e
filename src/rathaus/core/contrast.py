"""How well two colours can be told apart, and how colours mix. Colours are written `#1b5e4f`."""

ENOUGH_FOR_TEXT = 4.5  # WCAG 2.2, success criterion 1.4.3, level AA


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.2 (relative luminance), from 1 for the same colour to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(colour: str, *, into: str, share: float) -> str:
    """`share` of the first colour, the rest of the second, channel by channel."""
    pairs = zip(_channels(colour), _channels(into), strict=True)
    return "#" + "".join(f"{round(one * share + other * (1 - share)):02x}" for one, other in pairs)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
