-- Who did what by hand, the newest entries alone. AUTOINCREMENT: a cursor never names another entry.
CREATE TABLE audit (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    at         INTEGER NOT NULL,
    token      INTEGER,
    token_name TEXT,
    action     TEXT NOT NULL,
    subject    TEXT NOT NULL,
    detail     TEXT
);
