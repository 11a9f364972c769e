"""Contrast as WCAG 2.2 defines it, against ratios that its own documents name."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rathaus.core.contrast import contrast, mixed

COLOURS = some.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),  # the grey that just fails
        ("#767676", "#ffffff", 4.54),  # the grey that just passes
        ("#ff0000", "#ffffff", 4.0),
        ("#0a0a0a", "#000000", 1.06),
    ],
)
def test_known_ratios(one: str, other: str, ratio: float) -> None:
    assert round(contrast(one, other), 2) == ratio


@given(COLOURS, COLOURS)
def test_contrast_has_no_direction_and_stays_in_its_range(one: str, other: str) -> None:
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21


def test_colours_mix_channel_by_channel() -> None:
    assert mixed("#1b4e8f", into="#ffffff", share=0.1) == "#e8edf4"
    assert mixed("#1b4e8f", into="#000000", share=0.65) == "#12335d"
    assert mixed("#0a1402", into="#ffffff", share=1) == "#0a1402"
