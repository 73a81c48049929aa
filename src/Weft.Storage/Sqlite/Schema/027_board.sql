-- The names that volunteers gave, by what their keys stand for. NULL: the operator took it off.
CREATE TABLE board_names (
    identity    INTEGER NOT NULL PRIMARY KEY,
    name        TEXT,
    since       INTEGER NOT NULL,
    seen_at     INTEGER NOT NULL,
    tasks       INTEGER NOT NULL,
    computed_ms INTEGER NOT NULL
);
