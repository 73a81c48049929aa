-- A worker's own answers that wait for their checks: claims ask whether anybody comes to check them.
CREATE INDEX answers_open ON answers (identity, task) WHERE is_counted = 1 AND verdict = 0;
