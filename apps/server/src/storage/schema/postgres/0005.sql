-- How many logs an account has begun: nobody uses up all that its organisation may begin.
ALTER TABLE accounts ADD COLUMN logs_begun bigint NOT NULL DEFAULT 0;
UPDATE accounts SET logs_begun = begun.logs FROM (
  SELECT l.organisation, s.sent_by, count(*) AS logs FROM logs l
  JOIN entries e ON e.organisation = l.organisation AND e.log = l.log AND e.place = 1
  JOIN control_senders s ON s.organisation = l.organisation AND s.log = l.log AND s.hash = e.hash
  GROUP BY l.organisation, s.sent_by
) begun WHERE begun.organisation = accounts.organisation AND begun.sent_by = accounts.account_id;
