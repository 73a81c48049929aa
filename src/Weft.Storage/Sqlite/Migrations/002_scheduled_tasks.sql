-- Finds a queue's scheduled tasks when it is purged. Tasks that were never scheduled are not in it, and cost nothing.
CREATE INDEX tasks_scheduled ON tasks (lane, id) WHERE state = 0;
