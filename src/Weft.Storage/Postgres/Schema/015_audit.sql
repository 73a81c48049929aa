-- Who did what by hand, the newest entries alone.
CREATE TABLE audit (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at         bigint NOT NULL,
    token      bigint,
    token_name text,
    action     text NOT NULL,
    subject    text NOT NULL,
    detail     text
);
