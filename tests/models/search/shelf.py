"""A real encrypted register file with only what search needs, filled row by row, and what stands in it told a second
time in plain Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver

from models import schema, search
from models.tables import BY_NAME

KEY = "5a" * 32
STAFF = 7
BARRED = f"NOT EXISTS(SELECT 1 FROM bar WHERE bar.staff={STAFF} AND bar.matter=m.id)"
READER = f"EXISTS(SELECT 1 FROM reader WHERE reader.matter=m.id AND reader.staff={STAFF} AND reader.ended_on IS NULL)"
VISIBLE = f"{BARRED} AND (m.sealed IS NOT 1 OR {READER})"
"""As the policy words them for one person."""


@dataclass(slots=True)
class Told:
    """One matter as the test wrote it: every text, the names, and how the person sees it."""

    place: int
    number: str
    texts: list[str]
    names: list[str]
    sealed: bool = False
    barred: bool = False
    reader: bool = False
    columns: dict[str, Any] = field(default_factory=dict)


class Shelf:
    """An encrypted file with the register's own tables, and the matters put on it."""

    def __init__(self, path: Path) -> None:
        self.connection = driver.connect(str(path), isolation_level=None)
        for statement in (
            f"PRAGMA key=\"x'{KEY}'\"",
            "PRAGMA cipher_page_size=8192",
            "PRAGMA journal_mode=WAL",
            "PRAGMA synchronous=OFF",
            "PRAGMA cache_size=-65536",
            *schema.declared_sql(),
        ):
            self.connection.execute(statement)
        self.connection.execute(
            "INSERT INTO unit(id, born, rev, name, short, kind) VALUES(1, 1, 1, '城关派出所', '城关所', 'station')"
        )
        self.told: dict[int, Told] = {}
        self.ids = dict.fromkeys(BY_NAME, 100)
        self._on_day: dict[int, int] = {}

    def close(self) -> None:
        self.connection.close()

    def insert(self, table: str, values: Mapping[str, Any]) -> int:
        """Write one row; returns its id."""
        self.ids[table] += 1
        row = {"id": self.ids[table], "born": 1, "rev": 1, **values}
        self.connection.execute(
            f"INSERT INTO {table}({', '.join(row)}) VALUES({','.join('?' * len(row))})", tuple(row.values())
        )
        return self.ids[table]

    def add(
        self,
        *,
        title: str,
        on: date = date(2026, 3, 2),
        number: str = "",
        statement: str = "",
        answer: str = "",
        people: tuple[Mapping[str, Any], ...] = (),
        accused: tuple[str, ...] = (),
        claims: tuple[str, ...] = (),
        sealed: bool = False,
        barred: bool = False,
        reader: bool = False,
        **columns: Any,
    ) -> int:
        """Register a matter, put it into the index, and tell it."""
        day = on.toordinal() - date(1970, 1, 1).toordinal()
        self._on_day[day] = self._on_day.get(day, -1) + 1
        place = day << schema.PLACE_BITS | self._on_day[day]
        number = number or f"XF{on:%Y%m%d}{self._on_day[day]:05d}"
        columns = {"state": "S1", "unit": 1, "rules": "REG-2022", "category": "claim", **columns}
        who = next((person.get("name", "") for person in people), "")
        matter = self.insert(
            "matter",
            {
                "number": number, "title": title, "received_on": on.isoformat(), "place": place, "who": who or "",
                "sealed": int(sealed), **columns,
            },
        )  # fmt: skip
        told = Told(place, number, [number, title], [], sealed, barred, reader, columns)
        for kind, body in (("statement", statement), ("answer", answer)):
            if body:
                self.insert("passage", {"matter": matter, "kind": kind, "body": body})
                told.texts.append(body)
        for person in people:
            self.insert("person", {"matter": matter, "role": "petitioner", "kind": "person", **person})
            told.texts += [person[column] for column in ("name", "id_number", "phone", "address") if person.get(column)]
            id_number = person.get("id_number") or ""
            if len(id_number) == 18 and id_number[6:8] == "19":
                told.texts.append(id_number[:6] + id_number[8:17])
            if person.get("name"):
                told.names.append(person["name"])
        for name in accused:
            self.insert("accused", {"matter": matter, "kind": "person", "name": name})
            told.texts.append(name)
            told.names.append(name)
        for place_of_claim, request in enumerate(claims, 1):
            self.insert("claim", {"matter": matter, "place": place_of_claim, "request": request})
            told.texts.append(request)
        if barred:
            self.connection.execute("INSERT INTO bar(staff, matter) VALUES(?, ?)", (STAFF, matter))
        if reader:
            self.insert("reader", {"matter": matter, "staff": STAFF})
        self.told[matter] = told
        search.put(self.connection, place, search.document_of(self.connection, matter))
        return matter

    def find(self, text: str, **options: Any) -> list[int]:
        """Find as the person does: full sight by policy, outlines known, sealed documents from memory."""
        session = options.pop("session") if "session" in options else self.session()
        return search.find(
            self.connection, text, visible_sql=VISIBLE, known_sql=BARRED, session=session, **{"limit": 10**6, **options}
        )

    def count(self, text: str, **options: Any) -> int:
        """Count as the person does."""
        session = options.pop("session") if "session" in options else self.session()
        return search.count(self.connection, text, visible_sql=VISIBLE, known_sql=BARRED, session=session, **options)

    def session(self) -> search.SessionIndex:
        """Return the person's sealed documents."""
        session = search.SessionIndex()
        session.load(self.connection, VISIBLE)
        return session

    def differences(self) -> int:
        """Compare the whole index with the documents of all matters as they are now."""
        documents = search.documents_of(self.connection, tuple(self.told))
        return search.differences(
            self.connection, [(self.told[matter].place, document) for matter, document in documents.items()]
        )
