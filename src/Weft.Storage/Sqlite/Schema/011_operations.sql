-- Operations on many tasks: each is taken further step by step, in the transactions that change its tasks. Actions and
-- states are Weft.Core.Storage.BulkAction's and BulkState's numbers. AUTOINCREMENT: a number never names another one.
CREATE TABLE operations (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    action       INTEGER NOT NULL,
    state        INTEGER NOT NULL,
    -- Which tasks: JSON with the names of GET /tasks, or ids with blanks between.
    filter       TEXT,
    ids          TEXT,
    id_count     INTEGER,
    priority     INTEGER,
    -- Whose tasks alone; NULL: everybody's.
    owner        INTEGER,
    token        INTEGER,
    token_name   TEXT,
    -- The last task when it was started, and the last one that was looked at.
    last_task    INTEGER NOT NULL,
    cursor       INTEGER NOT NULL,
    looked       INTEGER NOT NULL,
    matched      INTEGER NOT NULL,
    changed      INTEGER NOT NULL,
    refused      INTEGER NOT NULL,
    started_at   INTEGER NOT NULL,
    finished_at  INTEGER,
    reason       TEXT,
    runner       TEXT,
    runner_until INTEGER
);

CREATE INDEX operations_running ON operations (id) WHERE state = 0;
