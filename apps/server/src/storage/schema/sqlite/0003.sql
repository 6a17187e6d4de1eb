-- Which account sent a control entry: what needs two people is told to the server by two accounts.
CREATE TABLE control_senders (
  organisation INTEGER NOT NULL, log INTEGER NOT NULL, hash BLOB NOT NULL, sent_by BLOB NOT NULL,
  PRIMARY KEY (organisation, log, hash)
) STRICT, WITHOUT ROWID;
