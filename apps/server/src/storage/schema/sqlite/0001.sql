-- The first tables. Meaning of every column: docs/formats/tables.md. Never edited after a release: a change is a new file.

CREATE TABLE places (kind INTEGER NOT NULL, id BLOB NOT NULL, organisation INTEGER NOT NULL, PRIMARY KEY (kind, id)) STRICT, WITHOUT ROWID;
CREATE TABLE set_up_codes (code_hash BLOB NOT NULL PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE server_secrets (name TEXT NOT NULL PRIMARY KEY, secret BLOB NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE organisations (
  organisation INTEGER NOT NULL PRIMARY KEY,
  logs_begun INTEGER NOT NULL, wraps_begun INTEGER NOT NULL, wraps INTEGER NOT NULL,
  entries INTEGER NOT NULL, bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE accounts (
  organisation INTEGER NOT NULL, account_id BLOB NOT NULL, receiving_key BLOB NOT NULL, login_public BLOB NOT NULL,
  is_keeper INTEGER NOT NULL, left_at INTEGER, entries INTEGER NOT NULL, bytes INTEGER NOT NULL,
  PRIMARY KEY (organisation, account_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX accounts_by_receiving_key ON accounts (organisation, receiving_key);

CREATE TABLE vaults (
  organisation INTEGER NOT NULL, account_id BLOB NOT NULL, generation INTEGER NOT NULL, vault BLOB NOT NULL,
  PRIMARY KEY (organisation, account_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sign_ins (
  organisation INTEGER NOT NULL, account_id BLOB NOT NULL, device_id BLOB NOT NULL, token_hash BLOB NOT NULL,
  signed_in_at INTEGER NOT NULL, last_seen_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
  PRIMARY KEY (organisation, account_id, device_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX sign_ins_by_token ON sign_ins (organisation, token_hash);

CREATE TABLE invitations (
  organisation INTEGER NOT NULL, invitation_id BLOB NOT NULL, opened_by BLOB NOT NULL, expires_at INTEGER NOT NULL, answer BLOB,
  PRIMARY KEY (organisation, invitation_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE team_people (
  organisation INTEGER NOT NULL, team_key BLOB NOT NULL, person_key BLOB NOT NULL,
  PRIMARY KEY (organisation, person_key, team_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX team_people_by_team ON team_people (organisation, team_key);

CREATE TABLE logs (
  organisation INTEGER NOT NULL, log INTEGER NOT NULL, log_id BLOB NOT NULL, kind INTEGER NOT NULL,
  entry_count INTEGER NOT NULL, digest BLOB NOT NULL, tip BLOB NOT NULL, shredded_at INTEGER,
  PRIMARY KEY (organisation, log)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX logs_by_id ON logs (organisation, log_id);

CREATE TABLE served (
  organisation INTEGER NOT NULL, reader_key BLOB NOT NULL, log INTEGER NOT NULL,
  PRIMARY KEY (organisation, reader_key, log)
) STRICT, WITHOUT ROWID;
CREATE INDEX served_by_log ON served (organisation, log);

-- Rows stand in the order they came. Clustered by a random id, each write would touch a page of its own.
CREATE TABLE entries (
  organisation INTEGER NOT NULL, log INTEGER NOT NULL, place INTEGER NOT NULL, hash BLOB NOT NULL, digest BLOB NOT NULL,
  is_control INTEGER NOT NULL, bytes BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX entries_by_place ON entries (organisation, log, place);
CREATE UNIQUE INDEX entries_by_hash ON entries (organisation, log, hash);

CREATE TABLE wraps (
  organisation INTEGER NOT NULL, wrap INTEGER NOT NULL, log INTEGER NOT NULL, recipient BLOB NOT NULL, sent_by BLOB NOT NULL,
  wrap_hash BLOB NOT NULL, bytes BLOB NOT NULL,
  PRIMARY KEY (organisation, wrap)
) STRICT;
CREATE UNIQUE INDEX wraps_by_hash ON wraps (organisation, log, wrap_hash);
CREATE INDEX wraps_by_recipient ON wraps (organisation, recipient, log, wrap);

CREATE TABLE ledger (
  organisation INTEGER NOT NULL, log_id BLOB NOT NULL, entry_hash BLOB NOT NULL, proposal BLOB NOT NULL, confirmation BLOB NOT NULL,
  written_at INTEGER NOT NULL,
  PRIMARY KEY (organisation, log_id, entry_hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE recoveries (
  organisation INTEGER NOT NULL, recovery_id BLOB NOT NULL, recovery_key BLOB NOT NULL, asked_by BLOB NOT NULL, asked_by_key BLOB NOT NULL,
  requested_at INTEGER NOT NULL, opens_at INTEGER NOT NULL, state INTEGER NOT NULL,
  PRIMARY KEY (organisation, recovery_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE wake_ups (
  organisation INTEGER NOT NULL, account_id BLOB NOT NULL, device_id BLOB NOT NULL, endpoint TEXT NOT NULL, public_key BLOB NOT NULL,
  authentication BLOB NOT NULL,
  PRIMARY KEY (organisation, account_id, device_id)
) STRICT, WITHOUT ROWID;
