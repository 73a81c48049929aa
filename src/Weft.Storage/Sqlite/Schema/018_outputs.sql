-- The files that a task has written, a set as those that tasks find. With the result, so that nobody else pays for them.
ALTER TABLE results ADD COLUMN outputs INTEGER;

CREATE INDEX results_outputs ON results (outputs) WHERE outputs IS NOT NULL;

-- A blob that a worker pushed under its lease, until a result names it: what nothing names by then is dropped.
ALTER TABLE modules ADD COLUMN output_task INTEGER;
ALTER TABLE modules ADD COLUMN output_lease INTEGER;

CREATE INDEX modules_outputs ON modules (output_lease) WHERE output_lease IS NOT NULL;
