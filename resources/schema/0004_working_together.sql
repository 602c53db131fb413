ALTER TABLE device ADD COLUMN retired_on TEXT CHECK(retired_on GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]');
ALTER TABLE device ADD COLUMN retired TEXT;
CREATE TABLE city_paper(id INTEGER PRIMARY KEY, born INTEGER NOT NULL, rev INTEGER NOT NULL, revs TEXT, kind TEXT NOT NULL, number TEXT, title TEXT NOT NULL, on_date TEXT NOT NULL CHECK(on_date GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'), organ TEXT NOT NULL, signed_by TEXT, body TEXT, content TEXT CHECK(json_valid(content)), limit_on TEXT CHECK(limit_on GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'), matter INTEGER REFERENCES matter(id) DEFERRABLE INITIALLY DEFERRED, key_case INTEGER REFERENCES key_case(id) DEFERRABLE INITIALLY DEFERRED, outcome TEXT, withdrawn TEXT, insisted TEXT, taken_on TEXT CHECK(taken_on GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'), taken_by INTEGER REFERENCES staff(id) DEFERRABLE INITIALLY DEFERRED, result INTEGER REFERENCES matter(id) DEFERRABLE INITIALLY DEFERRED, document INTEGER REFERENCES document(id) DEFERRABLE INITIALLY DEFERRED, refused TEXT, answered_on TEXT CHECK(answered_on GLOB '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'), answer TEXT) STRICT;
CREATE INDEX city_paper_taken_on ON city_paper(taken_on);
CREATE INDEX city_paper_matter ON city_paper(matter);
CREATE TABLE number_lease(id INTEGER PRIMARY KEY, born INTEGER NOT NULL, rev INTEGER NOT NULL, revs TEXT, series TEXT NOT NULL, year INTEGER NOT NULL, holder INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, ended TEXT) STRICT;
CREATE INDEX number_lease_series_year ON number_lease(series,year);
CREATE TABLE settlement(id INTEGER PRIMARY KEY, born INTEGER NOT NULL, rev INTEGER NOT NULL, revs TEXT, table_name TEXT NOT NULL, row INTEGER NOT NULL, column_name TEXT NOT NULL, kept_at INTEGER NOT NULL, other_at INTEGER NOT NULL, chosen TEXT NOT NULL, reason TEXT NOT NULL, matter INTEGER REFERENCES matter(id) DEFERRABLE INITIALLY DEFERRED, settled_by INTEGER NOT NULL REFERENCES staff(id) DEFERRABLE INITIALLY DEFERRED) STRICT;
CREATE INDEX settlement_row ON settlement(row);
CREATE TABLE conflict(table_name TEXT NOT NULL, row INTEGER NOT NULL, column_name TEXT NOT NULL,
  kept_at INTEGER NOT NULL, other_at INTEGER NOT NULL, kept TEXT NOT NULL, other TEXT NOT NULL,
  statutory INTEGER NOT NULL, matter INTEGER, PRIMARY KEY(table_name, row, column_name, kept_at, other_at))
  STRICT, WITHOUT ROWID;
CREATE TABLE quarantine(device INTEGER NOT NULL, seq INTEGER NOT NULL, code TEXT NOT NULL, zh TEXT NOT NULL,
  en TEXT NOT NULL, noted_ms INTEGER NOT NULL, PRIMARY KEY(device, seq)) STRICT, WITHOUT ROWID;
CREATE TABLE arrival(device INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, at_ms INTEGER NOT NULL,
  way TEXT NOT NULL, PRIMARY KEY(device, first)) STRICT, WITHOUT ROWID;
DROP INDEX setting_name;
CREATE INDEX setting_name ON setting(name);
