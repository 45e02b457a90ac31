-- How works were made: sessions and what came out of them. Derived from the log like the tables before,
-- with the same guards.

-- Sessions.
CREATE TABLE session (
    entry INTEGER PRIMARY KEY REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    party INTEGER NOT NULL REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    contract INTEGER REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    title TEXT NOT NULL,
    effective_at INTEGER NOT NULL
) STRICT;
CREATE INDEX session_party ON session (party);

-- The files that came out of the steps of a session, by their content: what leads from a work to the
-- session in which it was made.
CREATE TABLE session_output (
    entry INTEGER NOT NULL,                           -- the statement
    step INTEGER NOT NULL,                            -- the place in it, from 0
    session INTEGER NOT NULL,
    digest BLOB NOT NULL,                             -- BLAKE3-256
    PRIMARY KEY (digest, session, entry, step)
) STRICT, WITHOUT ROWID;

-- Sessions that are over.
CREATE TABLE session_stopped (
    entry INTEGER PRIMARY KEY REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    session INTEGER NOT NULL REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    effective_at INTEGER NOT NULL
) STRICT;
CREATE INDEX session_stopped_session ON session_stopped (session);

CREATE TRIGGER session_insert BEFORE INSERT ON session
WHEN NEW.entry <= (SELECT max(entry) FROM session)
BEGIN
    SELECT RAISE(FAIL, 'rows are added once, in order');
END;

CREATE TRIGGER session_output_insert BEFORE INSERT ON session_output
WHEN EXISTS (SELECT 1 FROM session_output
    WHERE digest = NEW.digest AND session = NEW.session AND entry = NEW.entry AND step = NEW.step)
BEGIN
    SELECT RAISE(FAIL, 'rows are added once, in order');
END;

CREATE TRIGGER session_stopped_insert BEFORE INSERT ON session_stopped
WHEN NEW.entry <= (SELECT max(entry) FROM session_stopped)
BEGIN
    SELECT RAISE(FAIL, 'rows are added once, in order');
END;

CREATE TRIGGER session_update BEFORE UPDATE ON session BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER session_delete BEFORE DELETE ON session BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;

CREATE TRIGGER session_output_update BEFORE UPDATE ON session_output BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER session_output_delete BEFORE DELETE ON session_output BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;

CREATE TRIGGER session_stopped_update BEFORE UPDATE ON session_stopped BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER session_stopped_delete BEFORE DELETE ON session_stopped BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;

-- Copies of files that were labelled as generated.
CREATE TABLE label (
    entry INTEGER PRIMARY KEY REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    work INTEGER REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED, -- none: none is named
    original BLOB NOT NULL CHECK (length(original) = 32),  -- digest of the file
    labelled BLOB NOT NULL CHECK (length(labelled) = 32),  -- digest of the copy
    without_explicit INTEGER NOT NULL,                -- 1 where somebody asked for no visible label
    effective_at INTEGER NOT NULL
) STRICT;
CREATE INDEX label_labelled ON label (labelled);

CREATE TRIGGER label_insert BEFORE INSERT ON label
WHEN NEW.entry <= (SELECT max(entry) FROM label)
BEGIN
    SELECT RAISE(FAIL, 'rows are added once, in order');
END;

CREATE TRIGGER label_update BEFORE UPDATE ON label BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER label_delete BEFORE DELETE ON label BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;
