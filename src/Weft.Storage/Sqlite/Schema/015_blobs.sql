-- Files are kept beside modules, as a kind of their own. An upload of one goes on after a break, so that it is found by
-- the hash that it is to have; one that has neither hash was given up, and its chunks are deleted step by step.
ALTER TABLE modules ADD COLUMN wanted TEXT;
ALTER TABLE modules ADD COLUMN touched_at INTEGER;

CREATE INDEX modules_wanted ON modules (wanted) WHERE wanted IS NOT NULL;

-- Files alone (kind 3), to count them and to find those that nobody needs.
CREATE INDEX modules_blobs ON modules (touched_at, size) WHERE kind = 3;
