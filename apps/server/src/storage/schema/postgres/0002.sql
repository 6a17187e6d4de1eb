-- The moment of the day at which push services were called last: of several servers one calls them.
CREATE TABLE woken_slots (slot bigint NOT NULL PRIMARY KEY);
