-- A module is there once it has its hash; without one its chunks are still coming, or it was given up.
CREATE TABLE modules (
    id         INTEGER PRIMARY KEY,
    hash       TEXT UNIQUE,
    kind       INTEGER NOT NULL,
    size       INTEGER,
    name       TEXT,
    created_at INTEGER NOT NULL
);

CREATE TABLE module_chunks (
    module INTEGER NOT NULL,
    number INTEGER NOT NULL,
    body   BLOB NOT NULL,
    UNIQUE (module, number)
);

-- Apart from the tasks: those without a module pay nothing.
CREATE TABLE task_modules (
    task   INTEGER PRIMARY KEY,
    module INTEGER NOT NULL,
    run    BLOB
);

-- Says whether a module is in use.
CREATE INDEX task_modules_module ON task_modules (module);

CREATE TABLE queue_modules (
    queue  TEXT PRIMARY KEY,
    module INTEGER NOT NULL,
    run    BLOB
) WITHOUT ROWID;
