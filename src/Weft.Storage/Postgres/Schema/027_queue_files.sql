-- The files that tasks of a queue find that name none; a queue may have files and no module.
ALTER TABLE queue_modules ALTER COLUMN module DROP NOT NULL;
ALTER TABLE queue_modules ADD COLUMN files bigint;

CREATE INDEX queue_modules_files ON queue_modules (files) WHERE files IS NOT NULL;
