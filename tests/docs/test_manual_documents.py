"""Every kind of document stands in the manual of both languages, with a picture of its present words and its row."""

from __future__ import annotations

import re

import click
import pytest
from PIL import Image, ImageChops, ImageStat

from app.commands import main
from models import acts
from models.letters import kinds, missing_parts, wording
from models.letters.required import required_of, words_of
from tests.conftest import ROOT
from tests.docs import document_pictures, manual_tables

CODES = [kind.code for kind in kinds()]
MANUALS = {language: (ROOT / "resources/manual" / f"{language}.md").read_text("utf-8") for language in ("zh", "en")}
MOST_BYTES = 3_000_000
MOST_DIFFERENT = 20
"""Mean difference of grey, of 255: another version of the drawing engine smooths edges otherwise."""


def test_each_kind_has_its_chapter_and_only_one() -> None:
    grouped = [kind for own in manual_tables.groups().values() for kind in own["kinds"]]
    assert sorted(grouped) == sorted(CODES)
    assert set(manual_tables.told()) - {"group", "sign"} == set(CODES)


@pytest.mark.parametrize("kind", CODES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_kind_has_its_picture_and_its_row_in_the_manual(kind: str, language: str) -> None:
    assert f"(img/documents/{kind}.png)" in MANUALS[language]
    name, when, signed, must, article = manual_tables.document_row(kind, language)  # type: ignore[arg-type]
    assert f"| {name} | {when} | {signed} | {must} | {article} |" in MANUALS[language]
    assert all((name, when, signed, must, article))


@pytest.mark.parametrize("kind", CODES)
def test_the_row_names_every_part_that_the_document_must_say(kind: str) -> None:
    for at, language in enumerate(("zh", "en")):
        must = manual_tables.document_row(kind, language)[3]  # type: ignore[arg-type]
        wanted = [words_of(wording(kind), name)[at] for name in required_of(kind) if name != "rows"]
        assert [words for words in wanted if words not in must] == []


def test_what_an_act_issues_is_told_by_the_table_of_acts_and_the_rest_by_hand() -> None:
    issued = {kind for rule in acts.table().values() for kind in (*rule.documents, rule.document_2005) if kind}
    by_hand = {kind for kind in CODES if "when" in manual_tables.told()[kind]}
    assert by_hand == set(CODES) - issued


@pytest.mark.parametrize("kind", CODES)
def test_a_picture_is_small_and_shows_the_present_words(kind: str) -> None:
    with Image.open(document_pictures.FOLDER / f"{kind}.png") as picture:
        assert picture.mode == "P", "a palette, to be small"
        assert 200 <= picture.width <= 2 * document_pictures.PAGE_WIDTH + document_pictures.GAP
        words = picture.info[document_pictures.WORDS]
        dark = sum(picture.convert("L").histogram()[:100])
    assert words == document_pictures.digest(kind), f"python -m tests.docs.document_pictures {kind}"
    assert dark > 1_000, "something is written on it"


@pytest.mark.parametrize("kind", CODES)
def test_a_specimen_lacks_nothing(kind: str) -> None:
    assert missing_parts(kind, document_pictures.facts(kind), wording(kind)) == []


def test_no_picture_is_left_over_and_all_are_light() -> None:
    files = list(document_pictures.FOLDER.iterdir())
    assert sorted(path.stem for path in files) == sorted(CODES)
    assert sum(path.stat().st_size for path in files) < MOST_BYTES


def test_a_picture_is_drawn_as_the_stored_one() -> None:
    drawn = document_pictures.picture("receipt_roll")
    with Image.open(document_pictures.FOLDER / "receipt_roll.png") as stored:
        assert (drawn.size, drawn.mode) == (stored.size, "P")
        between = ImageChops.difference(drawn.convert("L"), stored.convert("L"))
    assert ImageStat.Stat(between).mean[0] < MOST_DIFFERENT


@pytest.mark.parametrize("language", ["zh", "en"])
def test_commands_that_the_manual_names_are_commands_with_their_options(language: str) -> None:
    context = click.Context(main)
    said = re.findall(r"`petition-desk ([a-z]+)([^`]*)`", MANUALS[language])
    assert len({verb for verb, _ in said}) >= 7
    every: set[str] = set()
    for verb, rest in said:
        command = main.get_command(context, verb)
        assert command is not None, verb
        known = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", rest)) <= known, verb
        every |= known
    assert set(re.findall(r"`(--[a-z-]+)", MANUALS[language])) <= every


def test_every_room_of_acts_has_a_heading_and_every_act_a_row() -> None:
    assert {rule.room for rule in acts.table().values()} == manual_tables.rooms()
    for text in MANUALS.values():
        rows = re.findall(r"^\| [^|]+ `(\w+)` \|", text, re.MULTILINE)
        assert sorted(rows) == sorted(acts.table())
