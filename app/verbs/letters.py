"""Verbs on letters: letter MATTER KIND, letter verify, letter --kinds."""

from __future__ import annotations

from pathlib import Path

import click

from app.common import Options, choose, open_desk, pairs, tell, verb
from models import door, errors


@click.command("letter")
@click.argument("arguments", nargs=-1)
@click.option("--out", type=click.Path(path_type=Path), default=None, help="Where the PDF goes.")
@click.option(
    "--kinds", "list_kinds", is_flag=True, help="The kinds of letters, with the fields that an officer types."
)
@click.option("--preview", is_flag=True, help="Do not issue: show as it would print now, with what is missing.")
@click.option("--again", is_flag=True, help="Issue another one although the matter has one of this kind.")
@verb
def letter(
    options: Options, arguments: tuple[str, ...], out: Path | None, list_kinds: bool, preview: bool, again: bool
) -> None:
    """Issue or reprint: letter MATTER KIND --out FILE.pdf name=value ...; letter verify FILE|CODE; letter --kinds."""
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
        raise click.UsageError("letter MATTER KIND --out FILE.pdf | letter verify FILE|CODE | letter --kinds")
    reference, kind, *typed = arguments
    desk = open_desk(options)
    try:
        matter = desk.find(reference)
        fields = pairs(tuple(typed))
        if preview:
            shown = desk.preview_letter(matter, kind, fields)
            _write(out, shown.pdf)
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
        _write(out, desk.document_pdf(line.id))
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


def _write(out: Path | None, pdf: bytes) -> None:
    if out:
        door.write_file(out, pdf)


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
