-- How many of a worker's open answers are checked because the coin chose them. Those that wait now are taken for such.
ALTER TABLE standings ADD COLUMN drawn_answers bigint NOT NULL DEFAULT 0;
ALTER TABLE answers ADD COLUMN is_drawn bigint NOT NULL DEFAULT 0;

UPDATE standings SET drawn_answers = open_answers;
UPDATE answers SET is_drawn = 1 WHERE is_counted = 1 AND task IN (SELECT id FROM tasks WHERE state = 6);
