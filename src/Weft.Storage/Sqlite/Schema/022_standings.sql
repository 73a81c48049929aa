-- What is known of workers whose answers are not all checked. Tasks that say "mode": "adaptive" alone write here.
-- is_barred and is_trusted are 0 or 1; answers, checks and faults are Weft.Core.Verification.Standing's.
CREATE TABLE standings (
    identity    INTEGER NOT NULL,
    queue       TEXT NOT NULL,
    network     INTEGER NOT NULL,
    is_trusted  INTEGER NOT NULL,
    answers     INTEGER NOT NULL,
    checks      INTEGER NOT NULL,
    faults      INTEGER NOT NULL,
    is_barred   INTEGER NOT NULL,
    -- All answers of its own so far, and of those the ones whose tasks are deleted.
    given       INTEGER NOT NULL,
    dropped     INTEGER NOT NULL,
    -- So many of its earlier answers must be found right before nobody looks any more.
    audits_left INTEGER NOT NULL,
    seen_at     INTEGER NOT NULL,
    PRIMARY KEY (identity, queue)
) WITHOUT ROWID;

CREATE INDEX standings_seen ON standings (queue, seen_at);
CREATE INDEX standings_barred ON standings (seen_at) WHERE is_barred = 1;
CREATE INDEX standings_audited ON standings (queue) WHERE audits_left > 0;

-- 1: standings count it among a worker's own. shuffle is the order in which a worker's answers would be audited; NULL:
-- nobody needs to look again.
ALTER TABLE answers ADD COLUMN is_counted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE answers ADD COLUMN shuffle INTEGER;
CREATE INDEX answers_support ON answers (identity, shuffle) WHERE verdict = 1 AND shuffle IS NOT NULL;

-- Who may give it: Weft.Core.Verification.CheckFrom; an elder has given so many answers. An audit is of an answer of
-- the suspect's.
ALTER TABLE checks ADD COLUMN asks INTEGER NOT NULL DEFAULT 0;
ALTER TABLE checks ADD COLUMN answers_min INTEGER NOT NULL DEFAULT 0;
ALTER TABLE checks ADD COLUMN suspect INTEGER;
CREATE INDEX checks_audits ON checks (task) WHERE suspect IS NOT NULL;

-- At most how likely the result is wrong, in parts of 1,000,000,000.
ALTER TABLE task_modules ADD COLUMN risk INTEGER;

-- Who failed checks of a task, and when last.
CREATE TABLE check_misses (
    task     INTEGER NOT NULL,
    identity INTEGER NOT NULL,
    network  INTEGER NOT NULL,
    misses   INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (task, identity)
) WITHOUT ROWID;

-- The newest checks of a queue's module; 0 for none: Weft.Core.Verification.ModuleChecks, in two halves.
CREATE TABLE module_checks (
    queue  TEXT NOT NULL,
    module INTEGER NOT NULL,
    high   INTEGER NOT NULL,
    low    INTEGER NOT NULL,
    checks INTEGER NOT NULL,
    PRIMARY KEY (queue, module)
) WITHOUT ROWID;

-- What was told and was found wrong. Without a body, no answer is believed any more. AUTOINCREMENT: a cursor never
-- names another entry.
CREATE TABLE corrections (
    number   INTEGER PRIMARY KEY AUTOINCREMENT,
    task     INTEGER NOT NULL,
    group_id INTEGER,
    told     BLOB NOT NULL,
    body     BLOB,
    error    TEXT,
    at       INTEGER NOT NULL
);

CREATE INDEX corrections_task ON corrections (task);
CREATE INDEX corrections_group ON corrections (group_id, number) WHERE group_id IS NOT NULL;
