"""The measures: contrast, scale."""

from __future__ import annotations

import pytest

from ui.tokens import DARK, LIGHT, Look, contrast, readable_pairs


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read_on_every_ground_it_stands_on(colours):
    poor = [
        (text, ground, round(contrast(text, ground), 2))
        for text, ground, least in readable_pairs(colours)
        if contrast(text, ground) < least
    ]
    assert poor == []


def test_contrast_agrees_with_the_published_extremes():
    # WCAG 2.2: black on white is 21:1; #777777 on white is 4.48:1 (a value often quoted as just failing).
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_text_doubles_and_spaces_grow_half_as_fast():
    look = Look(scale=2.0)
    assert (look.text(14), look.size(34), look.space(4)) == (28, 68, 24)
    assert look.large
    assert not Look(scale=1.25).large
