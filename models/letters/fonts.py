"""Which font draws which character of a letter.

A letter speaks of *roles* (FangSong for the body, XiaoBiaoSong for titles, Kai, Hei, Song; GB/T 9704-2012, 5.2.2). The
preferences are data (`resources/letters/fonts.toml`). For every role the first font found that has the common
characters plays it; a character that it lacks is taken from the next font that has it, character by character, down to
the widest open font. A font is opened on its first need. A character that no font has is never drawn as a box: it is
named, with its code point, before anything is printed (`FontBook.missing`).

A *cluster* is what is drawn in one place: a character with the variation selectors that follow it.
"""

from __future__ import annotations

import os
import sys
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from models.errors import InputError
from models.letters.truetype import FontFile, FontRefusedError

Role = Literal["fangsong", "xiaobiaosong", "kai", "hei", "song"]
ROLES: tuple[Role, ...] = ("fangsong", "xiaobiaosong", "kai", "hei", "song")

FOLDERS_VARIABLE = "PETITION_DESK_FONTS"
"""Environment variable: further font folders, searched first, separated as in PATH."""

_SUFFIXES = (".ttf", ".ttc", ".otf")
_PRIVATE = "Co"
_FULL_FROM = 0.9
"""A mark of the plan's `full` counts as one em wide from this share of the em."""


@dataclass(frozen=True, slots=True)
class Face:
    """A font that draws for some role; `weight` is the thickness added to its strokes, as a share of the em."""

    key: str
    file: FontFile
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Glyph:
    """A cluster as it will be drawn: its face, glyph number and width as a share of the em."""

    cluster: str
    face: Face
    number: int
    width: float


def default_folders() -> tuple[Path, ...]:
    """Return the folders where this system keeps fonts, those of `PETITION_DESK_FONTS` first."""
    try:
        home = Path.home()
    except RuntimeError:  # a service may run as a user without a home
        home = Path(os.sep)
    named = [Path(part) for part in os.environ.get(FOLDERS_VARIABLE, "").split(os.pathsep) if part]
    if sys.platform == "win32":
        own = [Path(os.environ.get("LOCALAPPDATA", str(home))) / "Microsoft" / "Windows" / "Fonts"]
        system = [Path(os.environ.get("WINDIR", "C:\\Windows")) / "Fonts"]
    elif sys.platform == "darwin":
        own, system = [home / "Library" / "Fonts"], [Path("/Library/Fonts"), Path("/System/Library/Fonts")]
    else:
        own = [home / ".local" / "share" / "fonts", home / ".fonts"]
        system = [Path("/usr/local/share/fonts"), Path("/usr/share/fonts")]
    return (*named, *own, *system)


def clusters(text: str) -> list[str]:
    """Split `text` into clusters; variation selectors stay with their character, other invisible marks are dropped."""
    found: list[str] = []
    for character in text:
        if "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef":
            if found:
                found[-1] += character
        elif unicodedata.category(character) not in ("Cf", "Cc"):
            found.append(character)
    return found


class FontBook:
    """The fonts of this machine, by role."""

    def __init__(self, folders: Sequence[Path] | None = None, chosen: Mapping[Role, Path] | None = None) -> None:
        """Make a book over `folders` (default: those of the system); opens no font yet.

        Args:
            folders: Searched in order, with their subfolders; the first file of a name counts.
            chosen: Files that the bureau set for a role; they go before the preferences.
        """
        self._folders = tuple(folders) if folders is not None else default_folders()
        self._chosen = dict(chosen or {})
        self._plan = _plan()
        self._index: dict[str, Path] | None = None
        self._faces: dict[tuple[Path, int, float], Face | None] = {}
        self._leaders: dict[Role, Face] = {}
        self._chains: dict[Role, list[tuple[str, int, float]]] = {}
        self._glyphs: dict[tuple[Role, str], Glyph | None] = {}

    def leader(self, role: Role) -> Face:
        """Return the font that plays `role`.

        Raises:
            InputError: No font on this machine has the common characters.
        """
        if role not in self._leaders:
            probe = self._plan["probe"]
            for path, face, weight in self._candidates(role):
                opened = self._open(path, face, weight)
                if opened is not None and all(opened.file.glyph(ord(c)) for c in probe):
                    self._leaders[role] = opened
                    break
            else:
                self._leaders[role] = self._stand_in(probe)
        return self._leaders[role]

    def _stand_in(self, probe: str) -> Face:
        for name in self._plan["rest"]["all"]:
            path = self._find(name)
            opened = self._open(path, 0, 0.0) if path else None
            if opened is not None and all(opened.file.glyph(ord(c)) for c in probe):
                return opened
        places = "、".join(str(folder) for folder in self._folders)
        raise InputError(
            "font",
            f"这台机器上没有能印中文公文的 TrueType 字体（找过：{places}）。请安装仿宋、小标宋等字体，"
            "或开放字体霞鹜文楷（fonts-lxgw-wenkai）、文鼎明体（fonts-arphic-uming）后再印。",
            f"This machine has no TrueType font that can print Chinese letters (looked in: {places}). Install FangSong "
            "and XiaoBiaoSong, or the open fonts LXGW WenKai (fonts-lxgw-wenkai) and AR PL UMing (fonts-arphic-uming).",
        )

    def glyph(self, role: Role, cluster: str) -> Glyph | None:
        """Return how `cluster` is drawn in `role`, or None when no font has it."""
        key = (role, cluster)
        if key not in self._glyphs:
            self._glyphs[key] = self._look_up(role, cluster)
        return self._glyphs[key]

    def _look_up(self, role: Role, cluster: str) -> Glyph | None:
        code = ord(cluster[0])
        if unicodedata.category(cluster[0]) == _PRIVATE:
            return None  # a private character means something else on the next machine
        leader = self.leader(role)
        own: Glyph | None = None
        number = leader.file.glyph(code)
        if number:
            own = _drawn(cluster, leader, number)
            if cluster not in self._plan["full"] or own.width > _FULL_FROM:
                return own
        for name in (*self._plan["rest"][role], *self._plan["rest"]["all"]):
            path = self._find(name)
            face = self._open(path, 0, leader.weight) if path else None
            if face is not None and (number := face.file.glyph(code)):
                other = _drawn(cluster, face, number)
                if own is None or other.width > _FULL_FROM:
                    return other
        return own

    def missing(self, texts: Iterable[str], role: Role = "fangsong") -> tuple[str, ...]:
        """Return the characters of `texts` that no font can draw, each once, in the order met."""
        lost: dict[str, None] = {}
        for text in texts:
            for cluster in clusters(text):
                if self.glyph(role, cluster) is None:
                    lost[cluster] = None
        return tuple(lost)

    def _candidates(self, role: Role) -> list[tuple[Path, int, float]]:
        found = [(self._chosen[role], 0, 0.0)] if role in self._chosen else []
        for entry in self._plan["roles"][role]:
            path = self._find(entry["file"])
            if path:
                found.append((path, entry.get("face", 0), entry.get("weight", 0.0)))
        return found

    def _find(self, name: str) -> Path | None:
        if self._index is None:
            self._index = {}
            for folder in self._folders:
                for place, _, names in os.walk(folder):
                    for each in names:
                        if each.lower().endswith(_SUFFIXES):
                            self._index.setdefault(each.lower(), Path(place) / each)
        return self._index.get(name.lower())

    def _open(self, path: Path, face: int, weight: float) -> Face | None:
        key = (path, face, weight)
        if key not in self._faces:
            try:
                same = next((f.file for k, f in self._faces.items() if f and k[:2] == key[:2]), None)
                file = same or FontFile(path, face)
                self._faces[key] = Face(f"{path.name}/{face}/{weight}", file, weight)
            except FontRefusedError:
                self._faces[key] = None
        return self._faces[key]


def _drawn(cluster: str, face: Face, number: int) -> Glyph:
    return Glyph(cluster, face, number, face.file.advance(number) / face.file.units_per_em)


@cache
def _plan() -> dict[str, Any]:
    text = (files("resources") / "letters" / "fonts.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def system_book() -> FontBook:
    """Return the book over the system's fonts, opened once for the process."""
    return FontBook()


def name_characters(lost: Iterable[str]) -> str:
    """Return `lost` for a message: each character with its code point, e.g. 𬱖（U+2C456）."""
    return "、".join(f"{cluster}（U+{ord(cluster[0]):04X}）" for cluster in lost)
