"""Small faults that a test should notice: mutants of the rules' code (Python) and of the rules themselves (TOML).

A mutant replaces one piece of one file. Code is changed where a decision is made: comparisons, and/or/not, conditions,
sums, small numbers, yes and no, statements that do something or refuse something. Data is changed where it says
something: a length, a unit, a start, an end, a role, a state, a paper, a condition. What is only told to people (names,
articles, remarks, sentences) is left alone here: other tests read it.

Both kinds are pieces of text with their place, so that the file around them stays as it is, comments and all.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: in `path`, the text from `start` to `end` becomes `new`."""

    path: str
    start: int
    end: int
    old: str
    new: str
    line: int
    said: str
    """The whole line as it stood, without its indent: together with `old` and `new` it names the mutant for ever."""

    def applied(self, text: str) -> str:
        """Return the file with the fault."""
        return text[: self.start] + self.new + text[self.end :]

    def __str__(self) -> str:
        return f"{self.path}:{self.line}  {self.old!r} -> {self.new!r}  in  {self.said}"


def mutants_of(root: Path, path: str) -> list[Mutant]:
    """Return the mutants of a file, in the order of their place."""
    text = (root / path).read_text("utf-8")
    pieces = _python(text) if path.endswith(".py") else _toml(text)
    lines = text.splitlines()
    found = []
    for start, end, new in sorted(set(pieces)):
        if new != text[start:end]:
            line = text.count("\n", 0, start)
            found.append(Mutant(path, start, end, text[start:end], new, line + 1, lines[line].strip()))
    return found


# --- code ---------------------------------------------------------------------------------------------------------

Piece = tuple[int, int, str]

_OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_OTHER: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
_NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}


class _Walker(ast.NodeVisitor):
    """Gathers the pieces of a module; types, docstrings, sentences and what only types see are passed by."""

    def __init__(self, text: str) -> None:
        self.pieces: list[Piece] = []
        self._lines = [0]
        for line in text.encode().splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))
        self._bytes = text.encode()

    def _span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Return the place of a node in characters."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        ends = (
            self._lines[node.lineno - 1] + node.col_offset,
            self._lines[node.end_lineno - 1] + node.end_col_offset,
        )
        first, last = (len(self._bytes[:end].decode()) for end in ends)
        return first, last

    def _put(self, node: ast.expr | ast.stmt, new: str) -> None:
        self.pieces.append((*self._span(node), new))

    def _expression(self, node: ast.expr, changed: ast.expr) -> None:
        self._put(node, f"({ast.unparse(changed)})")

    # what is passed by

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """A sentence: its parts have no place of their own before Python 3.12."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """Look at the value alone."""
        if node.value is not None:
            self.visit(node.value)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Look at defaults and body alone."""
        for default in (*node.args.defaults, *(one for one in node.args.kw_defaults if one is not None)):
            self.visit(default)
        for statement in node.body:
            self.visit(statement)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Look at the body alone."""
        for statement in node.body:
            self.visit(statement)

    def visit_Assert(self, node: ast.Assert) -> None:
        """An assertion speaks to the type checker."""

    # what is changed

    def visit_If(self, node: ast.If) -> None:
        """Turn the condition round."""
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return
        self._turn(node.test)
        self.generic_visit(node)

    def visit_While(self, node: ast.While) -> None:
        """Turn the condition round."""
        self._turn(node.test)
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        """Turn the condition round."""
        self._turn(node.test)
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        """Turn each condition round, and leave it out."""
        for test in node.ifs:
            self._turn(test)
            self._put(test, "True")
        self.generic_visit(node)

    def _turn(self, test: ast.expr) -> None:
        # A comparison or a "not" is turned where it stands itself.
        if not isinstance(test, ast.Compare | ast.BoolOp) and not (
            isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
        ):
            self._put(test, f"(not {ast.unparse(test)})")

    def visit_Compare(self, node: ast.Compare) -> None:
        """Take the neighbouring or the opposite comparison."""
        for place, operator in enumerate(node.ops):
            operators = list(node.ops)
            operators[place] = _OPPOSITE[type(operator)]()
            self._expression(node, ast.Compare(node.left, operators, node.comparators))
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        """Swap and with or; leave a part out."""
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        self._expression(node, ast.BoolOp(other, node.values))
        for place in range(len(node.values)):
            left = [value for number, value in enumerate(node.values) if number != place]
            self._expression(node, left[0] if len(left) == 1 else ast.BoolOp(node.op, left))
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        """Drop a not or a minus."""
        if isinstance(node.op, ast.Not | ast.USub):
            self._expression(node, node.operand)
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        """Take another sum."""
        if type(node.op) in _OTHER:
            self._expression(node, ast.BinOp(node.left, _OTHER[type(node.op)](), node.right))
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        """Flip yes and no; take the next number."""
        if isinstance(node.value, bool):
            self._put(node, str(not node.value))
        elif isinstance(node.value, int):
            self._put(node, str(node.value + 1))

    def visit_Call(self, node: ast.Call) -> None:
        """Swap least and greatest, any and all."""
        if isinstance(node.func, ast.Name) and node.func.id in _NAMES:
            self._put(node.func, _NAMES[node.func.id])
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        """Leave out a statement that does something; a docstring is none."""
        if isinstance(node.value, ast.Call):
            self._put(node, "pass")
        self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        """Do not refuse; what is said in the refusal is left alone."""
        self._put(node, "pass")

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """Leave it out."""
        self._put(node, "pass")
        self.generic_visit(node)

    def visit_Continue(self, node: ast.Continue) -> None:
        """Stop in place of going on."""
        self._put(node, "break")

    def visit_Break(self, node: ast.Break) -> None:
        """Go on in place of stopping."""
        self._put(node, "continue")


def _python(text: str) -> list[Piece]:
    walker = _Walker(text)
    walker.visit(ast.parse(text))
    return walker.pieces


# --- data ---------------------------------------------------------------------------------------------------------

_TOLD = {
    "zh", "en", "id", "title", "name", "article", "remark", "note", "start_text", "ends_text", "exempt_text", "by",
    "unconfirmed", "project_rule", "aliases", "format", "likely", "beside", "table", "text", "note_from",
}  # fmt: skip
"""Keys that tell people something, or order what is offered."""
_CHOICES = {
    "unit": ("C", "W", "at_once", "as_set"), "whose": ("bureau", "petitioner", "organ_above", "other"),
    "kind": ("duty", "window"),
}  # fmt: skip
"""Keys with a few words: one that has any other value means something else."""
_STATES = {"to": ("S2", "S5"), "enters": ("S15", "S5x"), "leaves": ("S15", "S5x")}
_LIST = re.compile(r'\b(\w+) = \[((?:"[^"]*"(?:, *)?)+)\]')
_VALUE = re.compile(r'\b(\w+) = (\d{4}-\d{2}-\d{2}|\d+|true|false|"[^"]*")')
_ROLES = ("REG", "PU", "HO", "CH")


def _toml(text: str) -> list[Piece]:
    told = [found.span() for found in re.finditer(r"^\s*#[^\n]*", text, re.MULTILINE)]
    pieces = [*_lists(text), *_values(text), *_tables(text)]
    return [piece for piece in pieces if not any(first <= piece[0] < last for first, last in told)]


def _lists(text: str) -> Iterator[Piece]:
    """Leave out one word of a list; add a role."""
    for found in _LIST.finditer(text):
        if found[1] in _TOLD:
            continue
        words = re.findall(r'"([^"]*)"', found[2])
        for place in range(len(words)):
            left = [word for number, word in enumerate(words) if number != place]
            yield found.start(2) - 1, found.end(2) + 1, _written(left)
        if found[1] == "roles":
            more = next((role for role in _ROLES if role not in words), None)
            if more:
                yield found.start(2) - 1, found.end(2) + 1, _written([*words, more])


def _written(words: list[str]) -> str:
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"


def _values(text: str) -> Iterator[Piece]:
    """Take the next number or day, the other of yes and no, another of a few words."""
    for found in _VALUE.finditer(text):
        key, value = found[1], found[2]
        if key in _TOLD:
            continue
        new = ""
        if value in ("true", "false"):
            new = "false" if value == "true" else "true"
        elif value.isdigit():
            new = str(int(value) + 1)
        elif value[0] != '"':
            new = (date.fromisoformat(value) + timedelta(days=1)).isoformat()
        elif key in _STATES or value.strip('"') in _CHOICES.get(key, ()):
            words = _STATES.get(key) or _CHOICES[key]
            new = next(f'"{word}"' for word in words if f'"{word}"' != value)
        if new:
            yield found.start(2), found.end(2), new


_TABLE = r"\{(?:[^{}]|\{[^{}]*\})*\}"


def _tables(text: str) -> Iterator[Piece]:
    """Leave out one table of a list (an ending, an event, an input), and one column of `sets`."""
    for line in re.finditer(rf"^\w+ = \[({_TABLE}(?:, *{_TABLE})*)\]$", text, re.MULTILINE):
        tables = [table[0] for table in re.finditer(_TABLE, line[1])]
        for place in range(len(tables)):
            left = [table for number, table in enumerate(tables) if number != place]
            yield line.start(1), line.end(1), ", ".join(left)
    for line in re.finditer(rf"^ +{_TABLE},?\n", text, re.MULTILINE):
        yield line.start(), line.end(), ""
    for line in re.finditer(r"^sets = \{ (.*) \}$", text, re.MULTILINE):
        columns = line[1].split(", ")
        for place in range(len(columns)):
            left = [column for number, column in enumerate(columns) if number != place]
            yield line.start(1), line.end(1), ", ".join(left)
