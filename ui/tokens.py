"""The measures of the window: spacing, type, colours. Nothing else in ui/ writes a pixel size or a colour.

Words used here:

- *scale*: the person's text size as a factor, 1.0 to 2.0. Type, row heights, icons and columns grow with it; spaces
  grow half as fast, so that a 1366x768 screen keeps its content at 200 %.
- *tone*: what a colour says. `late` (seal red) is only for a limit that has passed, `soon` (amber) for one within
  three days, `done` (green) for what is done or proved, `quiet` for everything else. A tone never stands alone:
  it comes with an icon and a word (`parts.chips`).

Contrast of every text colour on every ground it is used on is at least 4.5:1 (WCAG 2.2, 1.4.3);
`tests/ui/test_tokens.py` computes it.

Named tuples, not dataclasses: this module is imported before the first paint, and `dataclasses` alone costs
some milliseconds.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Theme = Literal["light", "dark"]
Tone = Literal["late", "soon", "done", "quiet", "accent"]

SPACES = (4, 8, 12, 16, 24, 32)
RADIUS = 6
RAIL_WIDTH = 56
TEXT_PERCENTS = (100, 125, 150, 175, 200)
SERIES_SHARES = (1.0, 0.42, 0.72, 0.2)
"""How much of the accent is in the fill of each series of a chart, the rest is the ground."""
SOON_DAYS = 3
"""A duty whose last lawful day is at most this many days away is shown as due soon."""

LATIN_FAMILIES = ("Noto Sans", "Segoe UI", "Helvetica Neue", "Liberation Sans", "DejaVu Sans")
"""Put before the Chinese faces in English, so that quotation marks and figures are not full-width."""

FAMILIES = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Microsoft YaHei UI",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "sans-serif",
)


class Type(NamedTuple):
    """Type sizes in pixels at 100 %."""

    small: int = 12
    body: int = 14
    section: int = 17
    page: int = 22
    number: int = 44


TYPE = Type()


class Colours(NamedTuple):
    """One theme. `*_soft` is the ground on which the colour of that name is written."""

    paper: str
    """Ground of the window."""
    surface: str
    """Ground of fields, sheets and lists."""
    sunken: str
    """Ground of the rail and of pressed or selected things."""
    hairline: str
    edge: str
    """Border of a field: 3:1 against paper (WCAG 2.2, 1.4.11)."""
    ink: str
    second: str
    third: str
    accent: str
    accent_soft: str
    press: str
    """Ground of the one filled button."""
    press_hover: str
    on_press: str
    late: str
    late_soft: str
    soon: str
    soon_soft: str
    done: str
    done_soft: str
    seal: str
    """The seal of the unlock screen."""

    def tone(self, tone: Tone) -> tuple[str, str]:
        """Return (ink, ground) of a tone."""
        return {
            "late": (self.late, self.late_soft),
            "soon": (self.soon, self.soon_soft),
            "done": (self.done, self.done_soft),
            "quiet": (self.second, self.sunken),
            "accent": (self.accent, self.accent_soft),
        }[tone]

    @property
    def series(self) -> tuple[str, str, str, str]:
        """Fills of a chart's series in their order: of one hue, neighbours apart in lightness."""
        first, second, third, fourth = (mixed(self.accent, self.surface, share) for share in SERIES_SHARES)
        return first, second, third, fourth


LIGHT = Colours(
    paper="#f8f7f4",
    surface="#ffffff",
    sunken="#efede8",
    hairline="#e3e0d9",
    edge="#8f8a80",
    ink="#22201c",
    second="#59554d",
    third="#69645b",
    accent="#1f4e8c",
    accent_soft="#e7eef7",
    press="#1f4e8c",
    press_hover="#183f73",
    on_press="#ffffff",
    late="#a8261b",
    late_soft="#fae9e6",
    soon="#7d5100",
    soon_soft="#faf0da",
    done="#27633a",
    done_soft="#e6f2e9",
    seal="#b02a1e",
)

DARK = Colours(
    paper="#1a1917",
    surface="#22211e",
    sunken="#2b2926",
    hairline="#393733",
    edge="#7d786e",
    ink="#ece9e2",
    second="#bab5ab",
    third="#a39e94",
    accent="#93b9ec",
    accent_soft="#223046",
    press="#2c5c9e",
    press_hover="#366bb2",
    on_press="#ffffff",
    late="#f59a8c",
    late_soft="#40231f",
    soon="#e4b766",
    soon_soft="#392c16",
    done="#8ccb9f",
    done_soft="#1d3325",
    seal="#c2493c",
)


class Look(NamedTuple):
    """What every painted thing asks: colours and sizes for the theme and text size in force."""

    theme: Theme = "light"
    scale: float = 1.0

    @property
    def colours(self) -> Colours:
        """Return the colours of the theme."""
        return LIGHT if self.theme == "light" else DARK

    def text(self, size: int) -> int:
        """Return a type size in pixels, grown with the text size."""
        return round(size * self.scale)

    def size(self, pixels: int) -> int:
        """Return the pixels of a thing that holds text (a row, a column, an icon), grown with the text size."""
        return round(pixels * self.scale)

    def space(self, step: int) -> int:
        """Return the space of a step 1..6 (4, 8, 12, 16, 24, 32 at 100 %), grown half as fast as text."""
        return round(SPACES[step - 1] * (1 + (self.scale - 1) / 2))

    @property
    def large(self) -> bool:
        """Return whether this is large type, in which the rail shows its words."""
        return self.scale >= 1.5


def mixed(colour: str, ground: str, share: float) -> str:
    """Return `share` of a colour on a ground, `#rrggbb`."""
    parts = [
        round(int(colour[at : at + 2], 16) * share + int(ground[at : at + 2], 16) * (1 - share)) for at in (1, 3, 5)
    ]
    return "#" + "".join(f"{part:02x}" for part in parts)


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb` (WCAG 2.2, definition of relative luminance)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours, 1.0 to 21.0 (WCAG 2.2, definition of contrast ratio)."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable_pairs(colours: Colours) -> list[tuple[str, str, float]]:
    """Return each (text, ground, least contrast) of a theme that the window uses."""
    values = colours._asdict()
    pairs = [(text, ground, 4.5) for text in ("ink", "second", "third") for ground in ("paper", "surface", "sunken")]
    pairs += [
        (tone, ground, 4.5)
        for tone in ("late", "soon", "done", "accent")
        for ground in ("paper", "surface", f"{tone}_soft")
    ]
    pairs += [("ink", f"{tone}_soft", 4.5) for tone in ("late", "soon", "done", "accent")]
    pairs += [
        ("on_press", "press", 4.5),
        ("on_press", "press_hover", 4.5),
        ("edge", "paper", 3.0),
        ("edge", "surface", 3.0),
    ]
    return [(values[text], values[ground], least) for text, ground, least in pairs]
