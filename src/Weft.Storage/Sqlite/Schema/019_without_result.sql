-- One index for both lists: each index costs every change of a task, also of one that it will never have.
DROP INDEX tasks_dead;
DROP INDEX tasks_cancelled;
CREATE INDEX tasks_without_result ON tasks (state, id) WHERE state IN (4, 5);
