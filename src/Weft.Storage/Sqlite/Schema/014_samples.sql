-- What was watched, by the minute: of all queues together (queue '') for a week, of the busiest for an hour.
CREATE TABLE samples (
    minute      INTEGER NOT NULL,
    coordinator TEXT NOT NULL,
    queue       TEXT NOT NULL,
    numbers     BLOB NOT NULL,
    PRIMARY KEY (minute, coordinator, queue)
) WITHOUT ROWID;
