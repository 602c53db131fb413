CREATE TABLE sync_hub(one INTEGER PRIMARY KEY CHECK(one = 1), name TEXT NOT NULL, key_id TEXT NOT NULL,
  sign_key BLOB NOT NULL, seal_key BLOB NOT NULL, address TEXT NOT NULL, certificate TEXT NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('answered', 'enrolled')), answered_ms INTEGER NOT NULL, answer TEXT NOT NULL,
  receipted INTEGER NOT NULL DEFAULT 0, last_receipt_ms INTEGER, tries INTEGER NOT NULL DEFAULT 0,
  trouble_code TEXT, trouble_zh TEXT, trouble_en TEXT, trouble_ms INTEGER, agreed INTEGER, held INTEGER) STRICT;
CREATE TABLE sync_batch(first INTEGER PRIMARY KEY, last INTEGER NOT NULL, sha256 TEXT NOT NULL, data BLOB,
  made_ms INTEGER NOT NULL, state TEXT NOT NULL CHECK(state IN ('ready', 'sent', 'refused')),
  tries INTEGER NOT NULL DEFAULT 0, way TEXT, code TEXT, zh TEXT, en TEXT) STRICT;
CREATE TABLE sync_receipt(last INTEGER PRIMARY KEY, first INTEGER NOT NULL, head BLOB NOT NULL,
  batch_sha256 TEXT NOT NULL, received_ms INTEGER NOT NULL, arrived_ms INTEGER NOT NULL, text TEXT NOT NULL) STRICT;
CREATE TABLE sync_refused(seq INTEGER PRIMARY KEY, code TEXT NOT NULL, zh TEXT NOT NULL, en TEXT NOT NULL,
  noted_ms INTEGER NOT NULL) STRICT;
CREATE TABLE sync_aside(sha256 TEXT PRIMARY KEY, name TEXT NOT NULL, code TEXT NOT NULL, zh TEXT NOT NULL,
  en TEXT NOT NULL, noted_ms INTEGER NOT NULL, data BLOB NOT NULL) STRICT;
CREATE TABLE sync_peer(device INTEGER PRIMARY KEY, holds TEXT NOT NULL, noted_ms INTEGER NOT NULL) STRICT;
CREATE TABLE sync_file(sha256 TEXT PRIMARY KEY, size INTEGER,
  state TEXT NOT NULL CHECK(state IN ('coming', 'here', 'held', 'damaged')), noted_ms INTEGER NOT NULL,
  first BLOB, n INTEGER, sealed BLOB) STRICT;
CREATE INDEX IF NOT EXISTS sync_file_here ON sync_file(size, sha256) WHERE state='here';
CREATE INDEX IF NOT EXISTS sync_file_coming ON sync_file(noted_ms, sha256) WHERE state='coming';
CREATE TABLE sync_file_seen(one INTEGER PRIMARY KEY CHECK(one = 1), arrival INTEGER NOT NULL) STRICT;
CREATE TABLE sync_forked(device INTEGER NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL, entry BLOB NOT NULL,
  noted_ms INTEGER NOT NULL, again INTEGER, PRIMARY KEY(device, seq, hash)) STRICT;
CREATE TABLE sync_part(device INTEGER PRIMARY KEY, data BLOB NOT NULL, noted_ms INTEGER NOT NULL) STRICT;
CREATE TABLE sync_city(first INTEGER PRIMARY KEY, last INTEGER NOT NULL, epoch INTEGER NOT NULL, plain BLOB NOT NULL) STRICT;
