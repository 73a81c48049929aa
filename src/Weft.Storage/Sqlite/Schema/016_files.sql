-- The files of tasks, stored once for all that name the same. The id is the beginning of the hash of the JSON.
CREATE TABLE file_sets (
    id    INTEGER PRIMARY KEY,
    hash  TEXT NOT NULL,
    files BLOB NOT NULL
);

CREATE TABLE file_set_blobs (
    file_set INTEGER NOT NULL,
    blob     INTEGER NOT NULL,
    PRIMARY KEY (file_set, blob)
) WITHOUT ROWID;

-- Says whether a blob is in use.
CREATE INDEX file_set_blobs_blob ON file_set_blobs (blob, file_set);

-- A task may have files and no module. SQLite can't take a NOT NULL away.
CREATE TABLE task_modules_next (
    task   INTEGER PRIMARY KEY,
    module INTEGER,
    run    BLOB,
    files  INTEGER
);

INSERT INTO task_modules_next (task, module, run) SELECT task, module, run FROM task_modules ORDER BY task;
DROP TABLE task_modules;
ALTER TABLE task_modules_next RENAME TO task_modules;

CREATE INDEX task_modules_module ON task_modules (module);
CREATE INDEX task_modules_files ON task_modules (files) WHERE files IS NOT NULL;
