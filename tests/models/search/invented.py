"""Invented matters and queries for the tests of search; everything comes from a seed, nothing from real messages."""

from __future__ import annotations

import random
from datetime import date, timedelta

from models import people
from tests.models.search.shelf import Shelf

SURNAMES = "王李张刘陈单仇解曾吕 欧阳 万俟 司马 诸葛".replace(" ", "|")
GIVEN = "伟芳娜敏静强磊军洋勇艳杰娟涛明超秀霞平刚桂英建国玉兰志红春海燕鹏飞琴林东宇浩然俊博思远绿"
WORDS = [
    "派出所",
    "民警",
    "户口",
    "迁移",
    "案件",
    "至今",
    "没有",
    "答复",
    "立案",
    "交通",
    "事故",
    "责任",
    "认定",
    "不服",
    "噪声",
    "扰民",
    "停车",
    "收费",
    "身份证",
    "办理",
    "拖延",
    "赔偿",
    "邻居",
    "纠纷",
    "调解",
    "报警",
    "出警",
    "电动车",
    "被盗",
    "追回",
    "诈骗",
    "转账",
    "罚款",
    "处罚",
    "决定",
    "复议",
    "小区",
    "物业",
    "门面",
    "工地",
    "工资",
    "拖欠",
    "举报",
    "赌博",
    "养犬",
    "伤人",
    "医药费",
    "请求",
    "依法",
    "处理",
    "A3区",
    "ＡＢＣ路",
    "iPhone",
    "12345热线",
    "第3项",
    "3.5万元",
    "50%",
    "《条例》",
    "“说法”",
    "回复:已收",
    "时间:三月",
    "派",
    "所",
    "的",
    "了",
    "在",
    "是",
]
MARKS = "，。、；：？！“”（）《》%*\"'()-_+&|^~=…—·"


def name(source: random.Random) -> str:
    groups = [part for part in SURNAMES.split("|") if part]
    surname = source.choice([*groups[0], *groups[0], *groups[1:]])
    return surname + "".join(source.choices(GIVEN, k=source.choice((1, 2, 2, 2))))


def text(source: random.Random, words: int) -> str:
    out = []
    for _ in range(words):
        out.append(source.choice(WORDS))
        chance = source.random()
        if chance < 0.25:
            out.append(source.choice(MARKS))
        elif chance < 0.3:
            out.append(source.choice((" ", "\n", "\u200b", "\u3000")))
    return "".join(out)


def id_number(source: random.Random) -> str:
    first = f"43011{source.randrange(1, 5)}{source.randrange(1945, 2005)}"
    first += f"{source.randrange(1, 13):02d}{source.randrange(1, 29):02d}"
    first += f"{source.randrange(1000):03d}"
    return first + people.check_character(first)


def phone(source: random.Random) -> str:
    return f"13{source.randrange(10**9):09d}"


def fill(shelf: Shelf, matters: int, seed: int) -> None:
    """Put `matters` invented matters on the shelf: some barred, some sealed, some of these readable."""
    source = random.Random(seed)
    first = date(2024, 1, 1)
    shelf.connection.execute("BEGIN")
    for _ in range(matters):
        who = tuple(
            {"name": name(source), "phone": phone(source), "id_number": id_number(source)}
            for _ in range(source.choice((0, 1, 1, 1, 2)))
        )
        sealed = source.random() < 0.1
        shelf.add(
            title=text(source, 5),
            on=first + timedelta(days=source.randrange(700)),
            statement=text(source, source.randrange(4, 60)),
            answer=text(source, 20) if source.random() < 0.4 else "",
            people=who,
            accused=(name(source),) if source.random() < 0.15 else (),
            claims=(text(source, 4),) if source.random() < 0.2 else (),
            barred=source.random() < 0.08,
            sealed=sealed,
            reader=sealed and source.random() < 0.5,
            state=source.choice(("S1", "S5", "S13")),
        )
    shelf.connection.execute("COMMIT")


def queries(shelf: Shelf, number: int, seed: int) -> list[str]:
    """Return queries of every kind: pieces of the texts, numbers, letters, marks, several terms, and some that match
    nothing."""
    source = random.Random(seed)
    told = list(shelf.told.values())

    def piece(length: int) -> str:
        whole = source.choice(source.choice(told).texts)
        start = source.randrange(max(len(whole) - length, 0) + 1)
        return whole[start : start + length]

    def letters() -> str:
        return "".join(source.choices("zhangliwesxouyqbcjg", k=source.choice((1, 1, 2, 3, 4))))

    def spelled() -> str:
        from tests.models.search.oracle import spellings

        names = [one for matter in source.choices(told, k=20) for one in matter.names] or ["张三"]
        spelling = source.choice(sorted(spellings(source.choice(names))) or ["zs"])
        return spelling[: source.randrange(1, len(spelling) + 1)]

    kinds = (
        lambda: piece(1), lambda: piece(2), lambda: piece(3), lambda: piece(source.randrange(4, 12)),
        lambda: piece(source.randrange(20, 40)), lambda: source.choice(told).number[-source.randrange(1, 9) :],
        letters, spelled, lambda: source.choice(MARKS), lambda: piece(2) + " " + piece(2),
        lambda: piece(3) + "　" + piece(1), lambda: spelled() + " " + piece(2), lambda: piece(2)[::-1] + piece(2),
        lambda: source.choice(WORDS) + source.choice(MARKS) + source.choice(WORDS),
        lambda: " ".join(piece(1) for _ in range(source.randrange(2, 16))),
        lambda: source.choice(('"', "*", "%", "NEAR(", "AND", "派出* OR", "-", "''", '""', "^", "(", "{", "_", "")),
        lambda: source.choice(("a:b", "tokens:派", "派出:所", "^~", "~z", "=")),
    )  # fmt: skip
    return [source.choice(kinds)() for _ in range(number)]
