-- The first tables. Meaning of every column: docs/formats/tables.md. Never edited after a release: a change is a new file.

CREATE TABLE places (kind smallint NOT NULL, id bytea NOT NULL, organisation bigint NOT NULL, PRIMARY KEY (kind, id));
CREATE TABLE set_up_codes (code_hash bytea NOT NULL PRIMARY KEY, expires_at bigint NOT NULL);
CREATE TABLE server_secrets (name text NOT NULL PRIMARY KEY, secret bytea NOT NULL);

CREATE TABLE organisations (
  organisation bigint NOT NULL PRIMARY KEY,
  logs_begun bigint NOT NULL, wraps_begun bigint NOT NULL, wraps bigint NOT NULL,
  entries bigint NOT NULL, bytes bigint NOT NULL
);

CREATE TABLE accounts (
  organisation bigint NOT NULL, account_id bytea NOT NULL, receiving_key bytea NOT NULL, login_public bytea NOT NULL,
  is_keeper smallint NOT NULL, left_at bigint, entries bigint NOT NULL, bytes bigint NOT NULL,
  PRIMARY KEY (organisation, account_id)
);
CREATE UNIQUE INDEX accounts_by_receiving_key ON accounts (organisation, receiving_key);

CREATE TABLE vaults (
  organisation bigint NOT NULL, account_id bytea NOT NULL, generation integer NOT NULL, vault bytea NOT NULL,
  PRIMARY KEY (organisation, account_id)
);

CREATE TABLE sign_ins (
  organisation bigint NOT NULL, account_id bytea NOT NULL, device_id bytea NOT NULL, token_hash bytea NOT NULL,
  signed_in_at bigint NOT NULL, last_seen_at bigint NOT NULL, expires_at bigint NOT NULL,
  PRIMARY KEY (organisation, account_id, device_id)
);
CREATE UNIQUE INDEX sign_ins_by_token ON sign_ins (organisation, token_hash);

CREATE TABLE invitations (
  organisation bigint NOT NULL, invitation_id bytea NOT NULL, opened_by bytea NOT NULL, expires_at bigint NOT NULL, answer bytea,
  PRIMARY KEY (organisation, invitation_id)
);

CREATE TABLE team_people (
  organisation bigint NOT NULL, team_key bytea NOT NULL, person_key bytea NOT NULL,
  PRIMARY KEY (organisation, person_key, team_key)
);
CREATE INDEX team_people_by_team ON team_people (organisation, team_key);

CREATE TABLE logs (
  organisation bigint NOT NULL, log bigint NOT NULL, log_id bytea NOT NULL, kind smallint NOT NULL,
  entry_count integer NOT NULL, digest bytea NOT NULL, tip bytea NOT NULL, shredded_at bigint,
  PRIMARY KEY (organisation, log)
) PARTITION BY HASH (organisation);
CREATE UNIQUE INDEX logs_by_id ON logs (organisation, log_id);

CREATE TABLE served (
  organisation bigint NOT NULL, reader_key bytea NOT NULL, log bigint NOT NULL,
  PRIMARY KEY (organisation, reader_key, log)
) PARTITION BY HASH (organisation);
CREATE INDEX served_by_log ON served (organisation, log);

CREATE TABLE entries (
  organisation bigint NOT NULL, log bigint NOT NULL, place integer NOT NULL, hash bytea NOT NULL, digest bytea NOT NULL,
  is_control smallint NOT NULL, bytes bytea NOT NULL,
  PRIMARY KEY (organisation, log, place)
) PARTITION BY HASH (organisation);
CREATE UNIQUE INDEX entries_by_hash ON entries (organisation, log, hash);

CREATE TABLE wraps (
  organisation bigint NOT NULL, wrap bigint NOT NULL, log bigint NOT NULL, recipient bytea NOT NULL, sent_by bytea NOT NULL,
  wrap_hash bytea NOT NULL, bytes bytea NOT NULL,
  PRIMARY KEY (organisation, wrap)
) PARTITION BY HASH (organisation);
CREATE UNIQUE INDEX wraps_by_hash ON wraps (organisation, log, wrap_hash);
CREATE INDEX wraps_by_recipient ON wraps (organisation, recipient, log, wrap);

CREATE TABLE ledger (
  organisation bigint NOT NULL, log_id bytea NOT NULL, entry_hash bytea NOT NULL, proposal bytea NOT NULL, confirmation bytea NOT NULL,
  written_at bigint NOT NULL,
  PRIMARY KEY (organisation, log_id, entry_hash)
);

CREATE TABLE recoveries (
  organisation bigint NOT NULL, recovery_id bytea NOT NULL, recovery_key bytea NOT NULL, asked_by bytea NOT NULL, asked_by_key bytea NOT NULL,
  requested_at bigint NOT NULL, opens_at bigint NOT NULL, state smallint NOT NULL,
  PRIMARY KEY (organisation, recovery_id)
);

CREATE TABLE wake_ups (
  organisation bigint NOT NULL, account_id bytea NOT NULL, device_id bytea NOT NULL, endpoint text NOT NULL, public_key bytea NOT NULL,
  authentication bytea NOT NULL,
  PRIMARY KEY (organisation, account_id, device_id)
);

-- Sealed bytes do not shrink: trying to compress them would only cost time. Counters change often, so their pages keep room.
ALTER TABLE entries ALTER COLUMN bytes SET STORAGE EXTERNAL;
ALTER TABLE wraps ALTER COLUMN bytes SET STORAGE EXTERNAL;
ALTER TABLE organisations SET (fillfactor = 50);
ALTER TABLE accounts SET (fillfactor = 70);

DO $$
BEGIN
  FOR part IN 0..15 LOOP
    EXECUTE format('CREATE TABLE logs_%s PARTITION OF logs FOR VALUES WITH (MODULUS 16, REMAINDER %s) WITH (fillfactor = 70)', part, part);
    EXECUTE format('CREATE TABLE served_%s PARTITION OF served FOR VALUES WITH (MODULUS 16, REMAINDER %s)', part, part);
    EXECUTE format('CREATE TABLE entries_%s PARTITION OF entries FOR VALUES WITH (MODULUS 16, REMAINDER %s)', part, part);
    EXECUTE format('CREATE TABLE wraps_%s PARTITION OF wraps FOR VALUES WITH (MODULUS 16, REMAINDER %s)', part, part);
  END LOOP;
END
$$;
