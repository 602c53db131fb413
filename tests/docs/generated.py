"""The parts of the documents that are written from the code: `python -m tests.docs.generated` writes them again.

A part stands between `<!-- made from NAME: begin -->` and `<!-- made from NAME: end -->`. The tests fail when what
stands there is not what the code gives, so that a table of acts or of columns is changed in one place only.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from models import acts, codes
from models.tables import TABLES, Column, Table
from tests.docs import figures_table, manual_tables

ROOT = Path(__file__).resolve().parents[2]


def states() -> str:
    """Return the state diagram of a matter and the list of acts that leave the state as it is."""
    table = acts.table()
    moving = [rule for rule in table.values() if rule.targets]
    steps: dict[tuple[str, str], list[str]] = {}
    for rule in moving:
        for source in _sources(rule):
            for target in rule.targets:
                steps.setdefault((source, target), []).append(rule.name)
    used = ["S1", *(state for step in steps for state in step)]
    used += [rule.enters for rule in table.values()]
    drawn = [code for code in codes.codes("state") if code in used]
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{code} {codes.word("state", code, "en")}" as {code}' for code in drawn]
    lines.append("    [*] --> S1: register_item")
    lines += [f"    {source} --> {to}: {', '.join(names)}" for (source, to), names in steps.items()]
    lines += [f"    {code} --> [*]" for code in drawn if code in acts.ENDED]
    lines += ["```", "", "Acts that leave the state as it is:", "", "| Act | Open in |", "|---|---|"]
    lines += [f"| `{rule.name}` | {_open_in(rule)} |" for rule in table.values() if not rule.targets]
    absent = [code for code in codes.codes("state") if code not in used]
    lines += ["", f"States that the code table names and no act reaches: {', '.join(absent) or 'none'}."]
    return "\n".join(lines)


def _sources(rule: acts.Rule) -> list[str]:
    if "open" in rule.sources:
        return [code for code in codes.codes("state") if code not in acts.ENDED]
    return list(rule.sources)


def _open_in(rule: acts.Rule) -> str:
    return "every state but S13" if "open" in rule.sources else ", ".join(rule.sources)


def tables() -> str:
    """Return the journalled tables with their columns."""
    return "\n\n".join(_table(table) for table in TABLES)


def _table(table: Table) -> str:
    lines = [f"#### `{table.name}`", "", table.meaning, "", "| Column | Kind | Meaning |", "|---|---|---|"]
    lines += [f"| `{column.name}` | {_kind(column)} | {_cell(column.meaning)} |" for column in table.columns]
    return "\n".join(lines)


def _kind(column: Column) -> str:
    target = f" → `{column.refers}`" if column.refers else ""
    return f"{column.kind}{target}{', required' if column.required else ''}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


PARTS: dict[str, tuple[str, Callable[[], str]]] = {
    "resources/acts": ("ARCHITECTURE.md", states),
    "models/tables.py": ("docs/format/register.md", tables),
    **figures_table.parts(),
    **manual_tables.parts(),
}
"""What a part is made from -> the document that holds it, and its maker."""


def marks(name: str) -> tuple[str, str]:
    """Return the lines between which a part stands."""
    return f"<!-- made from {name}: begin -->\n", f"<!-- made from {name}: end -->\n"


def written(name: str) -> str:
    """Return a part as it stands in its document."""
    begin, end = marks(name)
    text = (ROOT / PARTS[name][0]).read_text("utf-8")
    return text.split(begin)[1].split(end)[0].strip("\n")


def write() -> None:
    """Write every part into its document."""
    for name, (document, make) in PARTS.items():
        begin, end = marks(name)
        path = ROOT / document
        before, rest = path.read_text("utf-8").split(begin)
        path.write_text(f"{before}{begin}\n{make()}\n\n{end}{rest.split(end)[1]}", "utf-8")
        print(f"{document}: {name}", file=sys.stderr)


if __name__ == "__main__":
    write()
