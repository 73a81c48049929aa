-- Who sees which workers. Not logged: no commit waits for it, no standby copies it, and what a crash empties is told anew
-- within seconds.
CREATE UNLOGGED TABLE coordinators (
    id      text PRIMARY KEY,
    seen_at bigint NOT NULL
);

CREATE UNLOGGED TABLE workers (
    coordinator text NOT NULL,
    id          text NOT NULL,
    first_seen  bigint NOT NULL,
    last_seen   bigint NOT NULL,
    waits       boolean NOT NULL,
    claimed     bigint NOT NULL,
    completed   bigint NOT NULL,
    failed      bigint NOT NULL,
    PRIMARY KEY (coordinator, id)
) WITH (fillfactor = 50);
