-- The files that tasks of a queue find that name none; a queue may have files and no module. SQLite can't take a NOT
-- NULL away.
CREATE TABLE queue_modules_next (
    queue  TEXT PRIMARY KEY,
    module INTEGER,
    run    BLOB,
    files  INTEGER
) WITHOUT ROWID;

INSERT INTO queue_modules_next (queue, module, run) SELECT queue, module, run FROM queue_modules;
DROP TABLE queue_modules;
ALTER TABLE queue_modules_next RENAME TO queue_modules;

CREATE INDEX queue_modules_files ON queue_modules (files) WHERE files IS NOT NULL;
