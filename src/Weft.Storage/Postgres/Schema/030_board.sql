-- The names that volunteers gave, by what their keys stand for. NULL: the operator took it off.
CREATE TABLE board_names (
    identity    bigint NOT NULL PRIMARY KEY,
    name        text,
    since       bigint NOT NULL,
    seen_at     bigint NOT NULL,
    tasks       bigint NOT NULL,
    computed_ms bigint NOT NULL
);
