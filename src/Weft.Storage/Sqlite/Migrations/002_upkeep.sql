-- Finds a queue's scheduled tasks when it is purged. Tasks that were never scheduled are not in it, and cost nothing.
CREATE INDEX tasks_scheduled ON tasks (lane, id) WHERE state = 0;

-- Lanes whose last task is gone are freed from now on as they empty; these emptied before.
DELETE FROM lanes WHERE NOT EXISTS (SELECT 1 FROM counts WHERE counts.lane = lanes.id AND counts.tasks <> 0);
DELETE FROM counts WHERE lane NOT IN (SELECT id FROM lanes);
