-- What was watched, by the minute: of all queues together (queue '') for a week, of the busiest for an hour.
CREATE TABLE samples (
    minute      bigint NOT NULL,
    coordinator text NOT NULL,
    queue       text NOT NULL,
    numbers     bytea NOT NULL,
    PRIMARY KEY (minute, coordinator, queue)
);
