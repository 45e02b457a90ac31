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

-- Outputs that providers attest. Asked for by digest, which registrations of works have too, and by the
-- provider's own reference, which stands for one output.
CREATE TABLE attested_output (
    entry INTEGER NOT NULL,                                -- the attestation
    place INTEGER NOT NULL CHECK (place >= 0),             -- of the output in it
    provider INTEGER NOT NULL,                             -- enrolment of who attests
    reference TEXT NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32),      -- BLAKE3-256
    effective_at INTEGER NOT NULL,                         -- when it was given out
    account TEXT NOT NULL,                                 -- pseudonym
    model TEXT NOT NULL,
    prompt BLOB CHECK (length(prompt) = 32),               -- commitment; none: none is given
    PRIMARY KEY (provider, reference)
) STRICT, WITHOUT ROWID;
CREATE INDEX attested_output_digest ON attested_output (digest, entry, place);

CREATE TRIGGER attested_output_insert BEFORE INSERT ON attested_output
WHEN EXISTS (SELECT 1 FROM attested_output
    WHERE provider = NEW.provider AND reference = NEW.reference)
BEGIN
    SELECT RAISE(FAIL, 'rows are added once, in order');
END;

CREATE TRIGGER attested_output_update BEFORE UPDATE ON attested_output BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER attested_output_delete BEFORE DELETE ON attested_output BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;

-- The parts of content codes, by which near codes are found: three rows a code. The key leads with the part,
-- which says of what kind the code is and where the part stands in it.
CREATE TABLE content_code (
    entry INTEGER NOT NULL,                           -- the registration
    block INTEGER NOT NULL,                           -- a part of the code
    code INTEGER NOT NULL,                            -- its 64 bits
    place INTEGER NOT NULL,                           -- file of the work times 32, and the region
    PRIMARY KEY (block, code, entry, place)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER content_code_insert BEFORE INSERT ON content_code
WHEN EXISTS (SELECT 1 FROM content_code
    WHERE block = NEW.block AND code = NEW.code AND entry = NEW.entry AND place = NEW.place)
BEGIN
    SELECT RAISE(FAIL, 'rows are added once, in order');
END;

CREATE TRIGGER content_code_update BEFORE UPDATE ON content_code BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER content_code_delete BEFORE DELETE ON content_code BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;

-- The bands of Text codes, by which near texts are found: 42 rows a code. The key leads with the band, which
-- says where in the code it stands.
CREATE TABLE text_code (
    entry INTEGER NOT NULL,                           -- the registration
    band INTEGER NOT NULL,                            -- three of the 64 minima
    code BLOB NOT NULL CHECK (length(code) = 32),     -- its 256 bits
    place INTEGER NOT NULL,                           -- file of the work
    PRIMARY KEY (band, entry, place)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER text_code_insert BEFORE INSERT ON text_code
WHEN EXISTS (SELECT 1 FROM text_code
    WHERE band = NEW.band AND entry = NEW.entry AND place = NEW.place)
BEGIN
    SELECT RAISE(FAIL, 'rows are added once, in order');
END;

CREATE TRIGGER text_code_update BEFORE UPDATE ON text_code BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER text_code_delete BEFORE DELETE ON text_code BEGIN
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
CREATE INDEX label_original ON label (original);

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
