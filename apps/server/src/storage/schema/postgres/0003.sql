-- Which account sent a control entry: what needs two people is told to the server by two accounts.
CREATE TABLE control_senders (
  organisation bigint NOT NULL, log bigint NOT NULL, hash bytea NOT NULL, sent_by bytea NOT NULL,
  PRIMARY KEY (organisation, log, hash)
);
