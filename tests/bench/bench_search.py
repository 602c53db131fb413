"""Search against the bare index beside it: `python -m tests.bench.bench_search 200000`.

Both stand in SQLCipher files with the same settings and hold the same invented matters. *Bare* is the best
design that measuring beforehand found: one FTS5 table of pairs (contentless, detail=none, prefix=1) over one text
column, joined to that column, candidates checked by `instr`. *Ours* is `models.search.find` with the policy's
condition, over the register's own tables. Queries are taken in turns.
"""

from __future__ import annotations

import json
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver

from models import duplicates, schema, search
from models.records import ItemDraft, PersonDraft
from tests.models.search.shelf import BARRED, KEY, VISIBLE

PAGE = 50
REPEATS = 3
_WORD = re.compile(r"[\u3400-\u9fff]+|[0-9A-Za-z]+")
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁单仇解"
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华文建国玉兰志红春梅海燕鹏飞雪琴林晓东宇浩然子涵轩欣怡佳俊博思远"
)


class Language:
    """A made-up language with the statistics of a real one: words of one to four characters, their frequencies
    falling as 1/rank."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        characters = [bytes((high, low)).decode("gb2312") for high in range(0xB0, 0xD7) for low in range(0xA1, 0xFF)]
        self.random.shuffle(characters)
        weights = [1 / (rank + 8) for rank in range(len(characters))]
        lengths = self.random.choices((1, 2, 3, 4), (6, 70, 14, 10), k=30_000)
        words = ["".join(self.random.choices(characters, weights, k=length)) for length in lengths]
        frequencies = [1 / (rank + 3) for rank in range(len(words))]
        self.sentences = [
            "".join(self.random.choices(words, frequencies, k=self.random.randrange(4, 13)))
            + self.random.choice("，，。；")
            for _ in range(60_000)
        ]

    def text(self) -> str:
        """Return 200 to 2,000 characters, median about 380, as the measurements beforehand had."""
        wanted = min(2000, max(200, int(self.random.lognormvariate(5.95, 0.6))))
        parts: list[str] = []
        length = 0
        while length < wanted:
            parts.append(self.random.choice(self.sentences))
            length += len(parts[-1])
        return "".join(parts)

    def name(self) -> str:
        """Return a person's name; the first surname has 7 %."""
        weights = [1 / (rank + 4) for rank in range(len(_SURNAMES))]
        return self.random.choices(_SURNAMES, weights)[0] + "".join(
            self.random.choices(_GIVEN, k=self.random.choice((1, 2, 2)))
        )


def run(rows: int, folder: Path | None = None, seed: int = 7) -> dict[str, Any]:
    """Build both files with `rows` matters and return times (ms) and their ratios (ours / bare)."""
    with tempfile.TemporaryDirectory() as own:
        place = folder or Path(own)
        ours, bare = _open(place / "ours.register"), _open(place / "bare.db")
        result: dict[str, Any] = {"rows": rows, "build": _build(ours, bare, rows, seed)}
        result["mib"] = {
            "ours_index": _index_mib(ours, "search_text"), "bare_index": _index_mib(bare, "f"),
        }  # fmt: skip
        result |= _queries(ours, bare, rows, seed)
        result["update"] = _updates(ours, bare, rows, seed)
        result["hints"] = _hints(ours, rows, seed)
        ours.close()
        bare.close()
        return result


def _open(path: Path) -> driver.Connection:
    connection = driver.connect(str(path), isolation_level=None)
    for pragma in (
        f"key=\"x'{KEY}'\"",
        "cipher_page_size=8192",
        "journal_mode=WAL",
        "synchronous=OFF",
        "cache_size=-65536",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _pairs(text: str) -> str:
    tokens: set[str] = set()
    for run_of_text in _WORD.findall(text):
        tokens.update(map(str.__add__, run_of_text, run_of_text[1:]))
        tokens.add(run_of_text[-1])
    return " ".join(tokens)


def _build(ours: driver.Connection, bare: driver.Connection, rows: int, seed: int) -> dict[str, float]:
    for statement in schema.declared_sql():
        ours.execute(statement)
    bare.execute("CREATE TABLE doc(place INTEGER PRIMARY KEY, body TEXT)")
    bare.execute(
        "CREATE VIRTUAL TABLE f USING fts5(t, content='', columnsize=0, detail=none, prefix='1', tokenize='ascii')"
    )
    for option, value in (("automerge", 16), ("crisismerge", 1900), ("hashsize", 64 << 20)):
        bare.execute("INSERT INTO f(f, rank) VALUES(?, ?)", (option, value))
    language, spent = Language(seed), {"ours": 0.0, "bare": 0.0}
    first = date(2016, 1, 1)
    with search.bulk(ours):
        for start in range(0, rows, 5000):
            _portion(ours, bare, language, range(start, min(start + 5000, rows)), rows, first, spent)
    for connection, table in ((ours, "search_text"), (bare, "f")):
        connection.execute(f"INSERT INTO {table}({table}) VALUES('optimize')")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return {
        "ours_s": round(spent["ours"], 1),
        "bare_s": round(spent["bare"], 1),
        "ratio": round(spent["ours"] / spent["bare"], 2),
    }


def _portion(
    ours: driver.Connection,
    bare: driver.Connection,
    language: Language,
    numbers: range,
    rows: int,
    first: date,
    spent: dict[str, float],
) -> None:
    matters, passages, people, whole = [], [], [], []
    for number in numbers:
        on = first + timedelta(days=number * 3650 // rows)
        place = (on.toordinal() - date(1970, 1, 1).toordinal()) << schema.PLACE_BITS | number
        title, body, name = language.random.choice(language.sentences)[:20], language.text(), language.name()
        phone = f"13{number * 7919 % 10**9:09d}"
        serial = f"XF{number:08d}"
        matters.append((number + 1, serial, title, on.isoformat(), place, name, f"S{number % 9}"))
        passages.append((number + 1, number + 1, body))
        people.append((number + 1, number + 1, name, phone))
        whole.append((place, "\n".join((serial, title, name, phone, body))))
    clock = time.perf_counter()
    ours.execute("BEGIN")
    ours.executemany(
        "INSERT INTO matter(id, born, rev, number, title, received_on, place, who, state, unit, rules) "
        "VALUES(?,1,1,?,?,?,?,?,?,1,'R')",
        matters,
    )
    ours.executemany("INSERT INTO passage(id, born, rev, matter, kind, body) VALUES(?,1,1,?,'statement',?)", passages)
    ours.executemany(
        "INSERT INTO person(id, born, rev, matter, role, kind, name, phone) VALUES(?,1,1,?,'petitioner','person',?,?)",
        people,
    )
    documents = search.documents_of(ours, [row[0] for row in matters])
    for matter in matters:
        search.put(ours, matter[4], documents[matter[0]])
    ours.execute("COMMIT")
    spent["ours"] += time.perf_counter() - clock
    clock = time.perf_counter()
    bare.execute("BEGIN")
    bare.executemany("INSERT INTO doc VALUES(?,?)", whole)
    bare.executemany("INSERT INTO f(rowid, t) VALUES(?,?)", ((place, _pairs(text)) for place, text in whole))
    bare.execute("COMMIT")
    spent["bare"] += time.perf_counter() - clock


def _terms(bare: driver.Connection, rows: int, seed: int) -> dict[str, list[str]]:
    """Return query terms by class, with the bands of document frequency of the measurements beforehand."""
    source = random.Random(seed)
    sample = [row[0] for row in bare.execute("SELECT body FROM doc ORDER BY place").fetchall()[:: max(1, rows // 3000)]]
    single: Counter[str] = Counter()
    double: Counter[str] = Counter()
    for text in sample:
        single.update({character for run_of_text in _WORD.findall(text) for character in run_of_text})
        double.update(token for token in _pairs(text).split() if len(token) == 2)

    def band(counter: Counter[str], low: float, high: float, number: int) -> list[str]:
        words = sorted(word for word, seen in counter.items() if low <= seen / len(sample) < high)
        return source.sample(words, min(number, len(words)))

    def pieces(length: int, number: int) -> list[str]:
        out: list[str] = []
        while len(out) < number:
            run_of_text = source.choice(_WORD.findall(source.choice(sample)))
            if len(run_of_text) > length + 2:
                start = source.randrange(len(run_of_text) - length)
                out.append(run_of_text[start : start + length])
        return out

    names = [row.split("\n")[2] for row in source.sample(sample, 30)]
    return {
        "1 common": band(single, 0.4, 1.01, 10), "1 middling": band(single, 0.05, 0.2, 10),
        "1 rare": band(single, 0.0005, 0.01, 10),
        "2 common": band(double, 0.05, 1, 12), "2 middling": band(double, 0.005, 0.02, 12),
        "2 rare": band(double, 0.0003, 0.002, 12),
        "2 any": pieces(2, 40), "3 any": pieces(3, 40), "4 any": pieces(4, 40), "8 any": pieces(8, 12), "name": names,
        "4 seldom together": [
            one + other for one, other in zip(band(double, 0.05, 1, 8), pieces(2, 8), strict=False)
        ],
    }  # fmt: skip


def _expression(term: str) -> str:
    if len(term) == 1:
        return f'"{term}"*'
    return " AND ".join(f'"{term[place : place + 2]}"' for place in range(len(term) - 1))


def _queries(ours: driver.Connection, bare: driver.Connection, rows: int, seed: int) -> dict[str, Any]:
    session, terms_by_class = search.SessionIndex(), _terms(bare, rows, seed)

    def find_ours(term: str) -> list[int]:
        return search.find(ours, term, visible_sql=VISIBLE, known_sql=BARRED, session=session, limit=PAGE)

    def find_bare(term: str) -> list[int]:
        check = " AND instr(d.body, ?)>0" if len(term) > 2 else ""
        found = bare.execute(
            f"SELECT d.place FROM f JOIN doc d ON d.place=f.rowid WHERE f MATCH ?{check} "
            f"ORDER BY f.rowid DESC LIMIT {PAGE}",
            (_expression(term), term) if check else (_expression(term),),
        ).fetchall()
        return [row[0] for row in found]

    every: dict[str, Times] = {"ours": [], "bare": []}
    classes = {}
    for kind, terms in terms_by_class.items():
        times: dict[str, Times] = {"ours": [], "bare": []}
        for _ in range(REPEATS):
            for term in terms:
                one, two = _timed(times["ours"], find_ours, term), _timed(times["bare"], find_bare, term)
                if one != two:
                    raise AssertionError(f"the two do not agree on a query of kind {kind}")
        classes[kind] = _compared(times)
        for side, spent in times.items():
            every[side] += spent
    letters = _all_timed(find_ours, ("z", "zh", "zhang", "wangw", "lxd", "chenjianguo", "w", "zj") * REPEATS)
    filtered = {}
    for state in ("S3", "none"):

        def find_filtered(term: str, state: str = state) -> list[int]:
            return search.find(ours, term, "m.state=?", (state,), VISIBLE, known_sql=BARRED, limit=PAGE)

        filtered[state] = _all_timed(find_filtered, terms_by_class["2 common"])
    counted = _all_timed(
        lambda term: search.count(ours, term, visible_sql=VISIBLE, known_sql=BARRED), terms_by_class["2 middling"]
    )
    return {
        "all": _compared(every), "classes": classes, "letters": letters, "filtered": filtered, "counted": counted,
    }  # fmt: skip


def _updates(ours: driver.Connection, bare: driver.Connection, rows: int, seed: int) -> dict[str, Any]:
    """One answer added to a matter, each its own durable commit: ours from the register's tables, bare from its
    text."""
    source, language = random.Random(seed), Language(seed + 1)
    for connection, table in ((ours, "search_text"), (bare, "f")):
        connection.execute("PRAGMA synchronous=FULL")
        for option, value in (("automerge", 0), ("crisismerge", 1900), ("hashsize", 1 << 20)):
            connection.execute(f"INSERT INTO {table}({table}, rank) VALUES(?, ?)", (option, value))
    times: dict[str, Times] = {"ours": [], "bare": []}
    for number in range(200):
        matter, answer = source.randrange(1, rows + 1), language.text()[:300]
        place = ours.execute("SELECT place FROM matter WHERE id=?", (matter,)).fetchone()[0]
        old = bare.execute("SELECT body FROM doc WHERE place=?", (place,)).fetchone()[0]

        def update_ours(
            _: object, matter: int = matter, answer: str = answer, place: int = place, number: int = number
        ) -> None:
            ours.execute("BEGIN IMMEDIATE")
            before = search.document_of(ours, matter)
            ours.execute(
                "INSERT INTO passage(id, born, rev, matter, kind, body) VALUES(?,1,1,?,'answer',?)",
                (rows + 1 + number, matter, answer),
            )
            search.change(ours, place, before, place, search.document_of(ours, matter))
            ours.execute("COMMIT")

        def update_bare(_: object, answer: str = answer, place: int = place, old: str = old) -> None:
            bare.execute("BEGIN IMMEDIATE")
            bare.execute("UPDATE doc SET body=? WHERE place=?", (f"{old}\n{answer}", place))
            bare.execute("INSERT INTO f(f, rowid, t) VALUES('delete', ?, ?)", (place, _pairs(old)))
            bare.execute("INSERT INTO f(rowid, t) VALUES(?, ?)", (place, _pairs(f"{old}\n{answer}")))
            bare.execute("COMMIT")

        _timed(times["ours"], update_ours, None)
        _timed(times["bare"], update_bare, None)
    steps: list[float] = []
    more = True
    while more:
        clock = time.perf_counter()
        more = search.merge_idle(ours)
        steps.append((time.perf_counter() - clock) * 1000)
    return _compared(times) | {"idle_merge_steps": len(steps), "idle_merge_longest_ms": round(max(steps), 1)}


def _hints(ours: driver.Connection, rows: int, seed: int) -> dict[str, Any]:
    source = random.Random(seed)
    times: Times = []
    for _ in range(40):
        matter = source.randrange(1, rows + 1)
        title, body, name, phone = ours.execute(
            "SELECT m.title, t.body, p.name, p.phone FROM matter m JOIN passage t ON t.matter=m.id "
            "JOIN person p ON p.matter=m.id WHERE m.id=?",
            (matter,),
        ).fetchone()
        draft = ItemDraft(
            received_on=date(2026, 3, 2), title=title, statement=body[20:-20],
            people=(PersonDraft(name=name, phone=phone if matter % 2 else ""),),
        )  # fmt: skip
        found = _timed(times, lambda one: duplicates.hints(ours, one, VISIBLE), draft)
        if matter not in {hint.matter for hint in found}:
            raise AssertionError("the matter that the draft was made from is not among the hints")
    return _percentiles(times)


Times = list[tuple[float, float]]
"""Wall and processor milliseconds of each call; ratios are of processor time, which other work bends least."""


def _timed(times: Times, work: Callable[[Any], Any], argument: Any) -> Any:
    wall, processor = time.perf_counter(), time.thread_time()
    done = work(argument)
    times.append(((time.perf_counter() - wall) * 1000, (time.thread_time() - processor) * 1000))
    return done


def _all_timed(work: Callable[[Any], Any], arguments: Iterable[Any]) -> dict[str, Any]:
    times: Times = []
    for argument in arguments:
        _timed(times, work, argument)
    return _percentiles(times)


def _percentiles(times: Times) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name, part in (("wall", 0), ("cpu", 1)):
        ordered = sorted(one[part] for one in times)
        out[name] = {
            "p50": round(ordered[len(ordered) // 2], 3),
            "p95": round(ordered[int(len(ordered) * 0.95)], 3),
            "max": round(ordered[-1], 2),
        }
    return out


def _compared(times: dict[str, Times]) -> dict[str, Any]:
    ours, bare = _percentiles(times["ours"]), _percentiles(times["bare"])
    ratio = {part: round(ours["cpu"][part] / bare["cpu"][part], 2) for part in ("p50", "p95")}
    return {"ours_ms": ours, "bare_ms": bare, "ratio": ratio}


def _index_mib(connection: driver.Connection, table: str) -> float:
    return round(connection.execute(f"SELECT sum(length(block)) FROM {table}_data").fetchone()[0] / 2**20, 1)


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000), ensure_ascii=False, indent=1))
