-- Moments of the store itself: that it is being restored, and until when a server was up.
CREATE TABLE marks (name text NOT NULL PRIMARY KEY, moment bigint NOT NULL);
-- Receiving keys whose wraps were destroyed for good. A part of the ledger, and replayed as it is.
CREATE TABLE ended_keys (
  organisation bigint NOT NULL, receiving_key bytea NOT NULL, ended_at bigint NOT NULL,
  PRIMARY KEY (organisation, receiving_key)
);
-- How many content entries an account sent to a log since that is long: nobody fills one alone.
CREATE TABLE log_shares (
  organisation bigint NOT NULL, log bigint NOT NULL, account_id bytea NOT NULL, entries integer NOT NULL,
  PRIMARY KEY (organisation, log, account_id)
);
