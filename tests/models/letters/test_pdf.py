"""The PDF file: names copy and search rightly, fonts are embedded, the same facts give the same bytes."""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest

from models.letters.draft import clean
from models.letters.layout.title import title_lines
from tests.models.letters.cases import ANSWER, CASES, RARE
from tests.models.letters.measure import Measured, pdf_of

ROOT = Path(__file__).parents[3]


def test_rare_names_copy_rightly_through_pypdf() -> None:
    pdf = pdf_of("acceptance_notice", replace(CASES["acceptance_notice"], addressee=RARE))
    text = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    for character in RARE:
        assert character in text, f"U+{ord(character):04X}"


def test_rare_names_copy_rightly_through_pdftotext(tmp_path: Path) -> None:
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext (poppler-utils) is not installed: left out")
    path = tmp_path / "letter.pdf"
    people = tuple(replace(ANSWER.people[0], name=f"张{c}") for c in RARE)
    path.write_bytes(pdf_of("registration_form", replace(CASES["registration_form"], people=people)))
    said = subprocess.run([tool, "-raw", str(path), "-"], capture_output=True, check=True).stdout.decode("utf-8")
    for character in "𬱖𬍛𡒄㛃" + RARE:
        assert f"张{character}" in said, f"U+{ord(character):04X}"


def test_pdftotext_measures_the_margins_as_we_do(tmp_path: Path) -> None:
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext (poppler-utils) is not installed: left out")
    path = tmp_path / "letter.pdf"
    facts = replace(CASES["transfer_slip"], summary="天" * 1500)
    path.write_bytes(pdf_of("transfer_slip", facts))
    boxes = subprocess.run([tool, "-bbox", "-f", "2", "-l", "2", str(path), "-"], capture_output=True, check=True)
    words = [
        [float(part.split('"')[1]) * 25.4 / 72 for part in line.split()[1:5]]
        for line in boxes.stdout.decode("utf-8").splitlines()
        if "<word" in line and "天天天" in line
    ]
    assert len(words) == 22
    assert min(word[0] for word in words) == pytest.approx(28, abs=0.3)
    assert max(word[2] for word in words) == pytest.approx(184, abs=0.3)
    assert words[0][1] == pytest.approx(37, abs=0.3)
    assert words[1][1] - words[0][1] == pytest.approx(10.23, abs=0.02)


def test_look_alikes_stay_apart_when_copied() -> None:
    pdf = pdf_of("acceptance_notice", replace(CASES["acceptance_notice"], addressee="戶户㐅乂⼈人"))
    assert "戶户㐅乂⼈人" in Measured(pdf).text()


def test_all_fonts_are_embedded_subsets() -> None:
    reader = pypdf.PdfReader(io.BytesIO(pdf_of("answer", ANSWER)))
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            top = font.get_object()
            assert top["/Subtype"] == "/Type0"
            assert top["/BaseFont"][7] == "+"
            assert "/FontFile2" in top["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()


def test_the_file_says_what_it_is() -> None:
    reader = pypdf.PdfReader(io.BytesIO(pdf_of("answer", ANSWER)))
    assert reader.metadata is not None
    assert reader.metadata.title == "信访处理意见书"
    assert reader.metadata.author == "梓川县公安局"
    assert reader.metadata.subject == "梓公（信）处〔2026〕4号"
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"


@pytest.mark.parametrize("kind", sorted(CASES))
def test_same_facts_same_bytes_in_this_process_and_a_fresh_one(kind: str) -> None:
    once = pdf_of(kind, CASES[kind])
    pdf_of("answer", replace(ANSWER, addressee=RARE))  # what was printed in between must not matter
    assert pdf_of(kind, CASES[kind]) == once
    if kind in ("answer", "receipt_roll"):
        code = (
            "import hashlib; from tests.models.letters.cases import CASES; "
            "from tests.models.letters.measure import pdf_of; "
            f"print(hashlib.sha256(pdf_of({kind!r}, CASES[{kind!r}])).hexdigest())"
        )
        for seed in ("1", "2"):
            fresh = subprocess.run(
                [sys.executable, "-c", code],
                cwd=ROOT,
                capture_output=True,
                check=True,
                text=True,
                env={"PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin", "HOME": str(Path.home())},
            )
            assert fresh.stdout.strip() == hashlib.sha256(once).hexdigest()


@pytest.mark.parametrize("kind", sorted(CASES))
def test_a_preview_says_that_it_is_one_and_a_letter_does_not(kind: str) -> None:
    assert "预览稿：尚未出具，不得送达" in Measured(pdf_of(kind, CASES[kind], draft=True)).text()
    assert "预览稿" not in Measured(pdf_of(kind, CASES[kind])).text()


def test_pasted_text_prints_like_typed_text() -> None:
    assert clean("\u3000\u3000第一段\t有\u00a0空格\r\n\r\n_x000D_  第二段 \u200b\n") == "第一段 有 空格\n第二段"


def test_titles_break_at_their_marks_and_balance() -> None:
    from models.letters.fonts import system_book
    from models.letters.layout.sheet import Setter

    setter = Setter(system_book())
    lines = title_lines(
        setter, "关于|转送|梓川县城关镇人民路社区居民|反映|宅基地登记面积|与实际不符|信访事项的|函", 22, 156
    )
    assert len(lines) == 2
    assert "".join(lines) == "关于转送梓川县城关镇人民路社区居民反映宅基地登记面积与实际不符信访事项的函"
    assert abs(len(lines[0]) - len(lines[1])) <= 6
    assert title_lines(setter, "信访处理意见书", 22, 156) == ["信访处理意见书"]
    assert len(title_lines(setter, "长" * 50, 22, 156)) == 3
