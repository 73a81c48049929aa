-- How many of a worker's own answers wait for their checks: they say nothing for it yet.
ALTER TABLE standings ADD COLUMN open_answers INTEGER NOT NULL DEFAULT 0;

UPDATE standings
SET open_answers = (
    SELECT count(*)
    FROM answers a
    JOIN tasks t ON t.id = a.task
    JOIN lanes l ON l.id = t.lane
    WHERE a.identity = standings.identity AND a.is_counted = 1 AND t.state = 6 AND l.queue = standings.queue
);
