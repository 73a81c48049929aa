-- A store that 'weft migrate' carries over into this database: how far it has come. No coordinator starts before it has finished.
CREATE TABLE moves (
    -- Tells whether it is still the same store.
    mark        text NOT NULL,
    last_task   bigint NOT NULL,
    last_module bigint NOT NULL,
    -- Whether all that is not a task or a module is there too.
    settled     boolean NOT NULL,
    finished_at bigint
);
