-- Operations on many tasks: each is taken further step by step, in the transactions that change its tasks. Actions and
-- states are Weft.Core.Storage.BulkAction's and BulkState's numbers.
CREATE TABLE operations (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    action       bigint NOT NULL,
    state        bigint NOT NULL,
    -- Which tasks: JSON with the names of GET /tasks, or ids with blanks between.
    filter       text,
    ids          text,
    id_count     bigint,
    priority     bigint,
    -- Whose tasks alone; NULL: everybody's.
    owner        bigint,
    token        bigint,
    token_name   text,
    -- The last task when it was started, and the last one that was looked at.
    last_task    bigint NOT NULL,
    cursor       bigint NOT NULL,
    looked       bigint NOT NULL,
    matched      bigint NOT NULL,
    changed      bigint NOT NULL,
    refused      bigint NOT NULL,
    started_at   bigint NOT NULL,
    finished_at  bigint,
    reason       text,
    runner       text,
    runner_until bigint
);

CREATE INDEX operations_running ON operations (id) WHERE state = 0;
