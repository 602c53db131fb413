"""Letters against a bare reportlab page with the same font: `python -m tests.bench.bench_letters`.

*Bare* is what one would write first: `TTFont`, platypus paragraphs of the same words as ours, one page, the font
registered once. *Bare canvas* is the same page drawn line by line without platypus. *Ours* is the acceptance notice:
composed, laid out, its verification code signed and drawn; *preview* is the same without the code, as the window shows
it. Taken in turns in one process; *first* is a fresh process with all imports.
"""

from __future__ import annotations

import io
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from models.letters import Statement, compose, digest_of, layout, make_code, wording
from models.letters.blocks import Paragraph
from models.letters.fonts import system_book
from tests.models.letters.cases import BASE, CASES

ROUNDS = 30
FIRST_RUNS = 5
KIND = "acceptance_notice"
_KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
_ROOT = Path(__file__).parents[2]
_FIRST = """
import time
begin = time.perf_counter()
from models.letters import layout, compose, wording, LetterFacts
from datetime import date
facts = LetterFacts.from_json({facts!r})
pdf = layout(compose({kind!r}, facts, wording({kind!r})))
print((time.perf_counter() - begin) * 1e3)
"""


def run() -> dict[str, Any]:
    """Return times in milliseconds and the two ratios that issue 2 asks about."""
    bare = _bare_page()
    canvas = _bare_canvas()
    times: dict[str, list[float]] = {"ours": [], "ours_preview": [], "bare": [], "bare_canvas": []}
    for turn in range(ROUNDS + 1):
        for name, make in (
            ("ours", lambda n: _ours(n, signed=True)),
            ("ours_preview", lambda n: _ours(n, signed=False)),
            ("bare", bare),
            ("bare_canvas", canvas),
        ):
            begin = time.perf_counter()
            assert make(turn)
            if turn:  # the first turn opens the fonts
                times[name].append((time.perf_counter() - begin) * 1e3)
    middle = {name: statistics.median(values) for name, values in times.items()}
    first = statistics.median(_first() for _ in range(FIRST_RUNS))
    return {
        **{f"{name}_ms": round(value, 2) for name, value in middle.items()},
        "following_ratio": round(middle["ours"] / middle["bare"], 3),
        "following_ratio_to_canvas": round(middle["ours"] / middle["bare_canvas"], 3),
        "preview_ratio": round(middle["ours_preview"] / middle["bare"], 3),
        "first_ms": round(first, 1),
        "bytes": len(_ours(0, signed=True)),
        "bare_bytes": len(bare(0)),
        "aims": {"following_ratio": 1.2, "first_ms": 500},
    }


def _facts(turn: int) -> Any:
    """Each letter has words of its own, so that no cache of the last one helps."""
    shift = BASE.statement[turn % 40 :] + BASE.statement[: turn % 40]
    return replace(CASES[KIND], title=shift[:24], item_number=f"J2026-{turn:06d}")


def _ours(turn: int, *, signed: bool) -> bytes:
    facts, words = _facts(turn), wording(KIND)
    letter = compose(KIND, facts, words)
    if not signed:
        return layout(letter)
    digest = digest_of(KIND, facts, words.id, words.version)
    said = Statement(kind=KIND, number=facts.number, dated_on=facts.dated_on, device=1, digest=digest)
    return layout(letter, sealed=make_code(said, _KEY.sign))


def _texts(turn: int) -> list[str]:
    letter = compose(KIND, _facts(turn), wording(KIND))
    body = [block.text for block in letter.blocks if isinstance(block, Paragraph)]
    return [letter.organ, letter.title, letter.number, letter.addressee, *body]


def _register() -> str:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    path = system_book().leader("fangsong").file.path
    pdfmetrics.registerFont(TTFont("Bench", str(path)))
    return "Bench"


def _bare_page() -> Callable[[int], bytes]:
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph as Flowing
    from reportlab.platypus import SimpleDocTemplate

    style = ParagraphStyle("body", fontName=_register(), fontSize=16, leading=29, wordWrap="CJK", firstLineIndent=32)

    def make(turn: int) -> bytes:
        out = io.BytesIO()
        SimpleDocTemplate(out, pagesize=A4, invariant=1).build([Flowing(text, style) for text in _texts(turn)])
        return out.getvalue()

    return make


def _bare_canvas() -> Callable[[int], bytes]:
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    font = _register()

    def make(turn: int) -> bytes:
        out = io.BytesIO()
        canvas = Canvas(out, pagesize=A4, invariant=1)
        canvas.setFont(font, 16)
        top = 740.0
        for text in _texts(turn):
            for start in range(0, len(text), 28):
                canvas.drawString(80, top, text[start : start + 28])
                top -= 29
        canvas.save()
        return out.getvalue()

    return make


def _first() -> float:
    code = _FIRST.format(facts=CASES[KIND].to_json(), kind=KIND)
    done = subprocess.run([sys.executable, "-c", code], cwd=_ROOT, capture_output=True, check=True, text=True)
    return float(done.stdout)


if __name__ == "__main__":
    print(json.dumps(run(), ensure_ascii=False, indent=2))
