"""Verbs on letters: letter MATTER KIND, letter MATTER bundle, letter verify, letter spoil, letter --kinds.

A file that is to end with .docx gets the editing copy, any other the frozen PDF.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.common import Options, choose, open_desk, pairs, tell, verb
from models import door, errors

if TYPE_CHECKING:
    from models.desk import Desk
    from models.letters.bundle import Paper


@click.command("letter")
@click.argument("arguments", nargs=-1)
@click.option(
    "--out", type=click.Path(path_type=Path), default=None, help="Where the PDF goes, or the editing copy (.docx)."
)
@click.option(
    "--kinds", "list_kinds", is_flag=True, help="The kinds of letters, with the fields that an officer types."
)
@click.option("--preview", is_flag=True, help="Do not issue: show as it would print now, with what is missing.")
@click.option("--again", is_flag=True, help="Issue another one although the matter has one of this kind.")
@verb
def letter(
    options: Options, arguments: tuple[str, ...], out: Path | None, list_kinds: bool, preview: bool, again: bool
) -> None:
    """Issue or reprint: letter MATTER KIND --out FILE.pdf name=value ...; bundle; verify; spoil NUMBER reason=..."""
    from models import letters

    if list_kinds:
        found = [
            {"kind": kind.code, "zh": kind.name_zh, "en": kind.name_en, "layout": kind.layout,
             "fields": letters.fields_for(kind.code)}
            for kind in letters.kinds()
        ]  # fmt: skip
        words = "\n".join(f"{kind.code}  {choose(kind.name_zh, kind.name_en)}" for kind in letters.kinds())
        tell(options, {"kinds": found}, words)
        return
    if len(arguments) == 2 and arguments[0] == "verify":
        _verify(options, arguments[1])
        return
    if len(arguments) < 2:
        raise click.UsageError(
            "letter MATTER KIND --out FILE.pdf|FILE.docx | letter MATTER bundle --out FILE.pdf papers=d1,a2 |"
            " letter verify FILE|CODE | letter spoil NUMBER|CODE reason=... | letter --kinds"
        )
    if arguments[0] == "spoil":
        _spoil(options, arguments[1], pairs(arguments[2:]).get("reason", ""))
        return
    reference, kind, *typed = arguments
    desk = open_desk(options)
    try:
        matter = desk.find(reference)
        fields = pairs(tuple(typed))
        editable = out is not None and out.suffix.lower() == ".docx"
        if kind == "bundle":
            _bundle(options, desk, matter, fields, out)
            return
        if preview:
            shown = desk.preview_letter(matter, kind, fields)
            _write(out, desk.preview_docx(matter, kind, fields) if editable else shown.pdf)
            tell(
                options,
                {
                    "kind": kind,
                    "missing": [{"part": code, "zh": zh, "en": en} for code, zh, en in shown.missing],
                    "out": out,
                },
                "\n".join(choose(zh, en) for _, zh, en in shown.missing) or choose("要素齐全", "nothing is missing"),
            )
            return
        issued = [line for line in desk.matter(matter).documents if line.kind == kind and line.state == "issued"]
        line = issued[-1] if issued and not again else desk.issue_letter(matter, kind, fields)
        _write(out, desk.document_docx(line.id) if editable else desk.document_pdf(line.id))
        tell(
            options,
            {
                "id": line.id,
                "kind": kind,
                "number": line.number,
                "code": line.code,
                "sha256": line.sha256,
                "out": out,
                "reprint": bool(issued) and not again,
            },
            f"{line.title} {line.number} {line.code} {out or ''}",
        )
    finally:
        desk.close()


def _bundle(options: Options, desk: Desk, matter: int, fields: dict[str, str], out: Path | None) -> None:
    """Bind all papers of a matter, those of `papers=d<id>,a<id>` in that order, or those of the issued `index=<id>`."""
    unknown = [name for name in fields if name not in ("papers", "index")]
    if unknown or len(fields) > 1:
        raise errors.InputError(
            (unknown or ["papers"])[0],
            "装订只取 papers（材料及次序）或者 index（已出具的案卷目录）其中一项。",
            "A bundle takes one of papers (which, in order) and index (an issued index).",
        )
    if "index" in fields:
        made = desk.sealed_bundle(_index(desk, matter, fields["index"]))
    else:
        made = desk.bundle_pdf(matter, _papers(fields["papers"]) if "papers" in fields else None)
    _write(out, made.pdf)
    told = "\n".join(f"{leaf.first_page}-{leaf.last_page}  {leaf.title} {leaf.number}".rstrip() for leaf in made.rows)
    tell(options, {"rows": made.rows, "sha256": made.sha256, "out": out}, f"{told}\nSHA-256 {made.sha256}")


def _index(desk: Desk, matter: int, text: str) -> int:
    """Return the id of a document of the matter, named by its id or its number.

    Raises:
        InputError: The matter has none so named.
    """
    for line in desk.matter(matter).documents:
        if text.strip() in (str(line.id), line.number):
            return line.id
    raise errors.InputError(
        "index", f"本事项没有编号为“{text}”的文书。", f"This matter has no document with the id or number “{text}”."
    )


def _papers(text: str) -> list[Paper]:
    """Read d12,a5: document 12, then attachment 5.

    Raises:
        InputError: A part that is neither.
    """
    found: list[Paper] = []
    for part in text.replace("，", ",").split(","):
        letter, number = part.strip()[:1], part.strip()[1:]
        if letter not in ("d", "a") or not (number.isascii() and number.isdigit()):
            raise errors.InputError(
                "papers",
                f"“{part}”不是材料：文书写作 d 加编号，附件写作 a 加编号，如 papers=d12,a5。",
                f"“{part}” names no paper: d and a document's id, or a and an attachment's, as in papers=d12,a5.",
            )
        found.append(("document" if letter == "d" else "attachment", int(number)))
    return found


def _write(out: Path | None, content: bytes) -> None:
    if out:
        door.write_file(out, content)


def _spoil(options: Options, reference: str, reason: str) -> None:
    """Spoil an issued letter or paper of the bureau, named by its number or code; it and its number stay."""
    desk = open_desk(options)
    try:
        letter = desk.register.row(
            "SELECT id, matter FROM document WHERE (number=?1 OR code=upper(?1)) AND state<>'incoming'"
            " ORDER BY state='issued' DESC, id DESC",
            (reference,),
        )
        if letter is not None and _knows(desk, letter[1]):
            desk.perform(letter[1], "spoil", {"document": str(letter[0]), "reason": reason})
        else:
            paper = next(
                (one for one in desk.papers.listed() if reference in (one.number, one.code, one.code.lower())), None
            )
            if paper is None:
                raise errors.InputError(
                    "document",
                    f"没有文号或核验码为“{reference}”的文书。",
                    f"There is no letter or paper with the number or code “{reference}”.",
                )
            desk.papers.spoil(paper.id, reason)
    finally:
        desk.close()
    tell(
        options,
        {"spoiled": reference, "reason": reason},
        choose(f"已作废：{reference}（{reason}）；文号保留。", f"Spoiled: {reference} ({reason}); its number stays."),
    )


def _knows(desk: Desk, matter: int) -> bool:
    """Return whether the person may know of the matter: a letter of one hidden from them is answered like none."""
    try:
        desk.find(matter)
    except errors.InputError:
        return False
    return True


def _verify(options: Options, reference: str) -> None:
    from models import issue

    desk = open_desk(options)
    try:
        path = Path(reference)
        found = issue.verify(desk.register, path.read_bytes() if path.is_file() else reference, by=desk.person)
    finally:
        desk.close()
    tell(options, found, str(errors.Message(found["zh"], found["en"])))
    if not found["genuine"]:
        raise errors.RuleError(found["zh"], found["en"])


COMMANDS = (letter,)
