-- Moments of the store itself: that it is being restored, and until when a server was up.
CREATE TABLE marks (name TEXT NOT NULL PRIMARY KEY, moment INTEGER NOT NULL) STRICT, WITHOUT ROWID;
-- Receiving keys whose wraps were destroyed for good. A part of the ledger, and replayed as it is.
CREATE TABLE ended_keys (
  organisation INTEGER NOT NULL, receiving_key BLOB NOT NULL, ended_at INTEGER NOT NULL,
  PRIMARY KEY (organisation, receiving_key)
) STRICT, WITHOUT ROWID;
-- How many content entries an account sent to a log since that is long: nobody fills one alone.
CREATE TABLE log_shares (
  organisation INTEGER NOT NULL, log INTEGER NOT NULL, account_id BLOB NOT NULL, entries INTEGER NOT NULL,
  PRIMARY KEY (organisation, log, account_id)
) STRICT, WITHOUT ROWID;
