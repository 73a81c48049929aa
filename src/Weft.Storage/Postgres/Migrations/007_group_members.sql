-- A group's members are found by rows that never change: an index on tasks gets an entry with each change of a task.
ALTER TABLE payloads ADD COLUMN group_id bigint;
UPDATE payloads p SET group_id = t.group_id FROM tasks t WHERE t.id = p.task AND t.group_id IS NOT NULL;
CREATE INDEX payloads_group ON payloads (group_id, task) WHERE group_id IS NOT NULL;
DROP INDEX tasks_group;
