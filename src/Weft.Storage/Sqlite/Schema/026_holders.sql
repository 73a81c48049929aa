-- Who holds what, for claims; whoever has answered holds it no more.
DELETE FROM holders WHERE task NOT IN (SELECT id FROM tasks WHERE state IN (0, 1, 2));
CREATE INDEX holders_identity ON holders (identity);
