-- The files of tasks, stored once for all that name the same. The id is the beginning of the hash of the JSON.
CREATE TABLE file_sets (
    id    bigint PRIMARY KEY,
    hash  text NOT NULL,
    files bytea NOT NULL
);

CREATE TABLE file_set_blobs (
    file_set bigint NOT NULL,
    blob     bigint NOT NULL,
    PRIMARY KEY (file_set, blob)
);

-- Says whether a blob is in use.
CREATE INDEX file_set_blobs_blob ON file_set_blobs (blob, file_set);

-- A task may have files and no module.
ALTER TABLE task_modules ALTER COLUMN module DROP NOT NULL;
ALTER TABLE task_modules ADD COLUMN files bigint;

CREATE INDEX task_modules_files ON task_modules (files) WHERE files IS NOT NULL;
