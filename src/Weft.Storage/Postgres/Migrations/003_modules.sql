-- A module is there once it has its hash; without one its chunks are still coming, or it was given up.
CREATE TABLE modules (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash       text UNIQUE,
    kind       smallint NOT NULL,
    size       bigint,
    name       text,
    created_at bigint NOT NULL,
    -- When the last chunk came: an upload that was given up is told by that, whichever coordinator took it in.
    touched_at bigint NOT NULL
);

CREATE TABLE module_chunks (
    module bigint NOT NULL,
    number int NOT NULL,
    body   bytea NOT NULL,
    PRIMARY KEY (module, number)
);

-- Squeezing a program would cost its every reader more than it saves.
ALTER TABLE module_chunks ALTER COLUMN body SET STORAGE EXTERNAL;

-- Apart from the tasks: those without a module pay nothing.
CREATE TABLE task_modules (
    task   bigint PRIMARY KEY,
    module bigint NOT NULL,
    run    bytea
);

-- Says whether a module is in use.
CREATE INDEX task_modules_module ON task_modules (module);

CREATE TABLE queue_modules (
    queue  text PRIMARY KEY,
    module bigint NOT NULL,
    run    bytea
);
