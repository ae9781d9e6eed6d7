-- Items are found by (pk, sk), which compare by bytes. It is an ordinary rowid table: bodies of a few kB would make every
-- level of a WITHOUT ROWID tree as wide as the bodies are (measured with 2.5 kB: a third of the reads and writes, and a
-- larger file). An update keeps the rowid, so the primary key's index is not written again.
-- The body comes last: what indexes look at is on the row's first page.
CREATE TABLE item (
    pk           TEXT    NOT NULL,
    sk           TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    revision     INTEGER NOT NULL, -- unsigned 64 bits, kept as signed
    holder       TEXT,
    held_until   INTEGER,          -- milliseconds since 1970
    expires      INTEGER,          -- seconds since 1970
    due_pk       TEXT,
    due_sk       TEXT,
    unsettled_pk TEXT,
    unsettled_sk TEXT,
    code_pk      TEXT,
    code_sk      TEXT,
    body         TEXT    NOT NULL, -- JSON
    PRIMARY KEY (pk, sk),
    CHECK ((due_pk IS NULL) = (due_sk IS NULL)),
    CHECK ((unsettled_pk IS NULL) = (unsettled_sk IS NULL)),
    CHECK ((code_pk IS NULL) = (code_sk IS NULL))
) STRICT;

CREATE INDEX item_due       ON item (due_pk, due_sk)             WHERE due_pk IS NOT NULL;
CREATE INDEX item_unsettled ON item (unsettled_pk, unsettled_sk) WHERE unsettled_pk IS NOT NULL;
CREATE INDEX item_code      ON item (code_pk, code_sk)           WHERE code_pk IS NOT NULL;
CREATE INDEX item_expires   ON item (expires)                    WHERE expires IS NOT NULL;
