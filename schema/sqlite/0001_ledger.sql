-- The ledger file, version 1. The only home of its tables, indexes and guards.
--
-- `entry` and `document` are the ledger itself, `cosignature` and `time_stamp` what others certified
-- of its checkpoints. Every other table is derived from the entries and can be rebuilt from them.
-- Rows are only ever added, in order; the triggers at the end refuse everything else. They are
-- guard rails: whoever edits a copy of the file can drop them, which is found when the file is
-- opened, and the proof is the signed tree.
--
-- Moments are milliseconds since 1970-01-01T00:00:00Z. A party, a work, a contract and so on is
-- named by the number of the entry that made it. References are checked when a transaction is
-- committed. The tables that get rows with every work or line have none; what they hold is compared
-- with the entries when the ledger is verified. They are kept by what they are asked for, so that
-- registering a work changes one page of each and no index: a commit costs by its pages.

PRAGMA application_id = 0x44656564; -- "Deed"
PRAGMA user_version = 1;

-- The log: one signed statement a row. Small columns stand first, so that they are read without
-- the statement.
CREATE TABLE entry (
    number INTEGER PRIMARY KEY CHECK (number >= 0), -- place in the log, from 0, without gaps
    registered_at INTEGER NOT NULL,                 -- when the ledger took it in
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 32), -- BLAKE3-256 of the statement
    kind TEXT NOT NULL,                             -- kind of its record
    -- Enrolment of the party; none: the ledger.
    signer INTEGER REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    -- Tree hashes (SHA-256, RFC 9162) that this entry completes, the leaf first.
    nodes BLOB NOT NULL CHECK (length(nodes) >= 32 AND length(nodes) % 32 = 0),
    -- Signed tree head (C2SP tlog-checkpoint) over this entry and all before it: on the last entry
    -- of each commit.
    checkpoint TEXT,
    statement BLOB NOT NULL CHECK (length(statement) BETWEEN 1 AND 65535) -- tagged COSE_Sign1
) STRICT;
CREATE INDEX entry_kind ON entry (kind) WHERE kind <> 'work'; -- works have their own table
-- Works are found by their contract or, where there is none, in the threads of their creators.
CREATE INDEX entry_signer ON entry (signer) WHERE signer IS NOT NULL AND kind <> 'work';

-- Full texts of terms, by digest.
CREATE TABLE document (
    digest BLOB PRIMARY KEY NOT NULL CHECK (length(digest) = 32), -- BLAKE3-256 of the text
    text TEXT NOT NULL
) STRICT;

-- What time-stamping authorities answered, in the order in which it was attached.
CREATE TABLE time_stamp (
    number INTEGER PRIMARY KEY CHECK (number >= 0), -- place among the stamps, from 0, without gaps
    size INTEGER NOT NULL CHECK (size > 0),         -- of the tree whose checkpoint is stamped
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32), -- BLAKE3-256 of the answer
    answer BLOB NOT NULL CHECK (length(answer) BETWEEN 1 AND 65536) -- TimeStampResp (RFC 3161)
) STRICT;
CREATE INDEX time_stamp_size ON time_stamp (size);

-- What witnesses signed about checkpoints of this log (C2SP tlog-cosignature), one of each witness and
-- size: the first. It is kept beside the log, which does not name it.
CREATE TABLE cosignature (
    witness TEXT NOT NULL,                          -- verifier key: name, key id and key
    size INTEGER NOT NULL CHECK (size > 0),         -- tree size of the checkpoint
    time INTEGER NOT NULL CHECK (time > 0),         -- seconds since 1970, by the witness's clock
    signature BLOB NOT NULL CHECK (length(signature) = 64), -- Ed25519
    PRIMARY KEY (witness, size)
) STRICT, WITHOUT ROWID;
CREATE INDEX cosignature_size ON cosignature (size);

-- Enrolled parties.
CREATE TABLE party (
    entry INTEGER PRIMARY KEY REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    handle TEXT NOT NULL UNIQUE, -- pseudonym
    roles TEXT NOT NULL          -- comma-separated
) STRICT;

-- Keys of parties.
CREATE TABLE party_key (
    -- The enrolment or addition.
    entry INTEGER NOT NULL REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    kid BLOB NOT NULL UNIQUE CHECK (length(kid) = 32), -- thumbprint (RFC 9679)
    party INTEGER NOT NULL REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    algorithm INTEGER NOT NULL,                       -- COSE algorithm
    key BLOB NOT NULL
) STRICT;
CREATE INDEX party_key_party ON party_key (party, entry);

-- Revocations.
CREATE TABLE key_revoked (
    entry INTEGER PRIMARY KEY REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    kid BLOB NOT NULL UNIQUE REFERENCES party_key (kid) DEFERRABLE INITIALLY DEFERRED
) STRICT;

-- Versions of standard forms.
CREATE TABLE terms (
    entry INTEGER PRIMARY KEY REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    provider INTEGER NOT NULL REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    slug TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    title TEXT NOT NULL,
    form TEXT NOT NULL,           -- fee-for-assignment or profit-share
    effective_at INTEGER NOT NULL, -- from when on it can be accepted
    UNIQUE (provider, slug, version)
) STRICT;

-- Withdrawals of versions.
CREATE TABLE terms_withdrawn (
    entry INTEGER PRIMARY KEY REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    terms INTEGER NOT NULL UNIQUE REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    effective_at INTEGER NOT NULL
) STRICT;

-- Acceptances.
CREATE TABLE contract (
    entry INTEGER PRIMARY KEY REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    party INTEGER NOT NULL REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED, -- who accepted
    terms INTEGER NOT NULL REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED, -- what
    -- Whose terms.
    provider INTEGER NOT NULL REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    effective_at INTEGER NOT NULL,
    -- The contract that goes on under these terms; none: a contract of its own.
    amends INTEGER REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (party, terms)
) STRICT;
CREATE INDEX contract_amends ON contract (amends, effective_at) WHERE amends IS NOT NULL;
CREATE INDEX contract_terms ON contract (terms);
CREATE INDEX contract_provider ON contract (provider);

-- Registered works.
CREATE TABLE work (
    entry INTEGER PRIMARY KEY REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    contract INTEGER REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED, -- none: a bare claim
    title TEXT NOT NULL,
    model TEXT,
    effective_at INTEGER NOT NULL               -- when it was made
) STRICT;

-- Files of works.
CREATE TABLE work_content (
    entry INTEGER NOT NULL,    -- the registration
    digest BLOB NOT NULL CHECK (length(digest) = 32),    -- BLAKE3-256
    size INTEGER NOT NULL CHECK (size >= 0),             -- bytes
    PRIMARY KEY (digest, entry)
) STRICT, WITHOUT ROWID;

-- Registrations of the same content by different parties.
CREATE TABLE claim_conflict (
    -- The later registration.
    entry INTEGER NOT NULL REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    -- The earlier one.
    earlier INTEGER NOT NULL REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (entry, earlier)
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_conflict_earlier ON claim_conflict (earlier);

-- Signatures of co-creators under splits.
CREATE TABLE split_agreed (
    entry INTEGER PRIMARY KEY REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    work INTEGER NOT NULL REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    party INTEGER NOT NULL REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (work, party)
) STRICT;

-- Transfers.
CREATE TABLE assignment (
    entry INTEGER PRIMARY KEY REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    work INTEGER NOT NULL REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    assignor INTEGER NOT NULL REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    assignee INTEGER NOT NULL REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    effective_at INTEGER NOT NULL
) STRICT;
CREATE INDEX assignment_work ON assignment (work);

-- Reported payments. Of a part of the proceeds of a work, that work stands in place of a contract.
CREATE TABLE payment (
    entry INTEGER PRIMARY KEY REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    contract INTEGER NOT NULL REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    work INTEGER REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED, -- none: for the contract
    payer INTEGER NOT NULL REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    payee INTEGER NOT NULL REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    currency TEXT NOT NULL,                 -- ISO 4217
    minor INTEGER NOT NULL CHECK (minor > 0), -- minor units
    reference TEXT NOT NULL,                -- the payer's
    effective_at INTEGER NOT NULL,
    purpose TEXT,                           -- none: what the terms ask for; or advance, refund
    UNIQUE (contract, reference)
) STRICT;
CREATE INDEX payment_work ON payment (work) WHERE work IS NOT NULL;

-- Confirmed payments, likewise.
CREATE TABLE confirmation (
    entry INTEGER PRIMARY KEY REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    payment INTEGER NOT NULL UNIQUE REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    contract INTEGER NOT NULL REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    work INTEGER REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    currency TEXT NOT NULL,
    minor INTEGER NOT NULL CHECK (minor > 0),
    effective_at INTEGER NOT NULL, -- when it arrived
    purpose TEXT
) STRICT;
CREATE INDEX confirmation_contract ON confirmation (contract, work);
CREATE INDEX confirmation_work ON confirmation (work) WHERE work IS NOT NULL;

-- Statements that report lines of account: revenue, expenses, refunds. Of the account of a work under no
-- share of profit, that work stands in place of a contract, here and in the tables of lines and
-- corrections; such accounts have no sums.
CREATE TABLE account (
    entry INTEGER PRIMARY KEY REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    contract INTEGER NOT NULL REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    lines INTEGER NOT NULL CHECK (lines > 0),
    first_on INTEGER NOT NULL,                        -- when the first of them took effect
    last_on INTEGER NOT NULL CHECK (last_on >= first_on)
) STRICT;
CREATE INDEX account_contract ON account (contract);
CREATE INDEX account_first ON account (contract, first_on);

-- Where the line with a reference stands. What it says stands in the statement alone: a million
-- lines cost one small row each, in the order of the references that reports count up.
CREATE TABLE account_line (
    entry INTEGER NOT NULL,                           -- the statement
    line INTEGER NOT NULL CHECK (line >= 0),          -- place in it, from 0
    contract INTEGER NOT NULL,
    reference TEXT NOT NULL,                          -- the reporter's
    PRIMARY KEY (contract, reference)
) STRICT, WITHOUT ROWID;

-- What lines sum to, by month, kind, category and currency: of each contract and of each of its
-- works. Each statement adds the sums that it changes, as they then stand, so that the row of the
-- latest entry holds, and that of the latest entry by some moment is what was known then.
CREATE TABLE account_sum (
    entry INTEGER NOT NULL,                           -- the entry that changed it
    contract INTEGER NOT NULL,
    work INTEGER NOT NULL,                            -- 0: all lines of the contract
    month INTEGER NOT NULL,                           -- its first moment
    kind TEXT NOT NULL,
    category TEXT NOT NULL,
    currency TEXT NOT NULL,
    minor INTEGER NOT NULL,
    units INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    first_on INTEGER NOT NULL,                        -- no line took effect before
    last_on INTEGER NOT NULL,                         -- none took effect after
    PRIMARY KEY (contract, work, month, kind, category, currency, entry)
) STRICT, WITHOUT ROWID;

-- Reversed lines of account.
CREATE TABLE correction (
    entry INTEGER PRIMARY KEY REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    contract INTEGER NOT NULL REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    reference TEXT NOT NULL,                          -- of the line
    -- Where the line stands, and its place there.
    reversed INTEGER NOT NULL REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    line INTEGER NOT NULL CHECK (line >= 0),
    UNIQUE (contract, reference)
) STRICT;

-- Opening balances of accounts that moved here, as one side states them.
CREATE TABLE opening (
    entry INTEGER PRIMARY KEY REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    contract INTEGER NOT NULL REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    other_side INTEGER NOT NULL REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    effective_at INTEGER NOT NULL,                    -- as of when
    currency TEXT NOT NULL,
    base INTEGER NOT NULL,                            -- minor units, so with all below but units
    carried_loss INTEGER NOT NULL,
    units INTEGER NOT NULL,
    earned INTEGER NOT NULL,
    paid INTEGER NOT NULL,
    advance INTEGER NOT NULL
) STRICT;

-- Those that the other side agreed to, one for each contract.
CREATE TABLE opening_agreed (
    entry INTEGER PRIMARY KEY REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    opening INTEGER NOT NULL REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    contract INTEGER NOT NULL UNIQUE REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED
) STRICT;

-- Exchange rates.
CREATE TABLE exchange_rate (
    entry INTEGER PRIMARY KEY REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    publisher INTEGER NOT NULL REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    base TEXT NOT NULL,                               -- one unit of it
    quote TEXT NOT NULL,                              -- is worth so much of this
    day INTEGER NOT NULL,                             -- its first moment
    rate TEXT NOT NULL,                               -- exact decimal
    UNIQUE (publisher, base, quote, day)
) STRICT;

-- Closed statements of account, with the figures as they are claimed.
CREATE TABLE statement_closed (
    entry INTEGER PRIMARY KEY REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    contract INTEGER NOT NULL REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    starts_at INTEGER NOT NULL,                       -- first moment of the period
    ends_at INTEGER NOT NULL CHECK (ends_at > starts_at), -- first moment after it
    currency TEXT NOT NULL,
    closing INTEGER NOT NULL,                         -- balance, minor units; below zero: overpaid
    digest BLOB NOT NULL CHECK (length(digest) = 32), -- BLAKE3-256 of the figures
    known_at INTEGER NOT NULL                         -- what was registered by then is in them
) STRICT;
CREATE INDEX statement_closed_period ON statement_closed (contract, starts_at, entry);

-- Answers of the other side.
CREATE TABLE statement_answered (
    entry INTEGER PRIMARY KEY REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    closing INTEGER NOT NULL UNIQUE REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    disputed INTEGER NOT NULL CHECK (disputed IN (0, 1)) -- 0: accepted
) STRICT;

-- Who holds what: for each entry that changes the title of a work, the whole chain as it then
-- stands. The rows of the latest entry of a work are its present title.
CREATE TABLE title (
    entry INTEGER NOT NULL, -- the entry that changed it
    place INTEGER NOT NULL CHECK (place >= 0), -- place in the chain, from 0
    work INTEGER NOT NULL,
    holder INTEGER NOT NULL,
    share TEXT NOT NULL,                              -- exact fraction of the whole
    rights TEXT NOT NULL,
    territory TEXT NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_until INTEGER,                              -- none: for the term of protection
    status TEXT NOT NULL,
    ground TEXT NOT NULL,
    ground_entry INTEGER NOT NULL,
    PRIMARY KEY (work, entry, place)
) STRICT, WITHOUT ROWID;

-- Which entries are about which: the threads of every history.
CREATE TABLE about (
    entry INTEGER NOT NULL,
    target INTEGER NOT NULL,
    PRIMARY KEY (target, entry)
) STRICT, WITHOUT ROWID;

-- Guards of the ledger. A replacing insert deletes what it meets without firing the triggers on
-- deletion, unless the connection asks for that; so each insert looks for what it would meet. A
-- guard fails rather than aborts: it acts before its row is written, so that nothing is left to
-- take back, and SQLite is spared keeping copies of the pages that most rows touch.

CREATE TRIGGER entry_insert BEFORE INSERT ON entry BEGIN
    SELECT RAISE(FAIL, 'an entry takes the next number')
    WHERE NEW.number IS NOT (SELECT coalesce(max(number), -1) + 1 FROM entry);
    SELECT RAISE(FAIL, 'an entry is not registered before the one before it')
    WHERE NEW.registered_at < (SELECT registered_at FROM entry ORDER BY number DESC LIMIT 1);
    SELECT RAISE(FAIL, 'a statement is entered once')
    WHERE EXISTS (SELECT 1 FROM entry WHERE id = NEW.id);
END;

CREATE TRIGGER document_insert BEFORE INSERT ON document BEGIN
    SELECT RAISE(FAIL, 'a document is kept once')
    WHERE EXISTS (SELECT 1 FROM document WHERE digest = NEW.digest OR rowid = NEW.rowid);
END;

CREATE TRIGGER time_stamp_insert BEFORE INSERT ON time_stamp BEGIN
    SELECT RAISE(FAIL, 'a time stamp takes the next number')
    WHERE NEW.number IS NOT (SELECT coalesce(max(number), -1) + 1 FROM time_stamp);
    SELECT RAISE(FAIL, 'a time stamp is kept once')
    WHERE EXISTS (SELECT 1 FROM time_stamp WHERE digest = NEW.digest);
    SELECT RAISE(FAIL, 'a time stamp is over a checkpoint')
    WHERE NOT EXISTS
        (SELECT 1 FROM entry WHERE number = NEW.size - 1 AND checkpoint IS NOT NULL);
END;

CREATE TRIGGER cosignature_insert BEFORE INSERT ON cosignature BEGIN
    SELECT RAISE(FAIL, 'a witness cosigns a checkpoint once')
    WHERE EXISTS (SELECT 1 FROM cosignature WHERE witness = NEW.witness AND size = NEW.size);
    SELECT RAISE(FAIL, 'a cosignature is of a checkpoint')
    WHERE NOT EXISTS (
        SELECT 1 FROM entry WHERE number = NEW.size - 1 AND checkpoint IS NOT NULL
    );
END;

-- Guards of what is derived: rows are added in the order of entries and meet no other. Where a
-- table has rows without a key of their own, SQLite gives the row number; before it is given, it
-- reads as -1. Lines of account come by the million, and to look for each would cost as much as all
-- the rest of them: a row of theirs is believed only where its statement has that reference in that
-- place.

CREATE TRIGGER party_insert BEFORE INSERT ON party
WHEN NEW.entry <= (SELECT max(entry) FROM party)
        OR EXISTS (SELECT 1 FROM party WHERE handle = NEW.handle)
BEGIN
    SELECT RAISE(FAIL, 'rows are added once, in order');
END;

CREATE TRIGGER party_key_insert BEFORE INSERT ON party_key
WHEN NEW.rowid <> -1
        OR EXISTS (SELECT 1 FROM party_key WHERE kid = NEW.kid)
BEGIN
    SELECT RAISE(FAIL, 'rows are added once, in order');
END;

CREATE TRIGGER key_revoked_insert BEFORE INSERT ON key_revoked
WHEN NEW.entry <= (SELECT max(entry) FROM key_revoked)
        OR EXISTS (SELECT 1 FROM key_revoked WHERE kid = NEW.kid)
BEGIN
    SELECT RAISE(FAIL, 'rows are added once, in order');
END;

CREATE TRIGGER terms_insert BEFORE INSERT ON terms
WHEN NEW.entry <= (SELECT max(entry) FROM terms)
        OR EXISTS (SELECT 1 FROM terms
            WHERE provider = NEW.provider AND slug = NEW.slug AND version = NEW.version)
BEGIN
    SELECT RAISE(FAIL, 'rows are added once, in order');
END;

CREATE TRIGGER terms_withdrawn_insert BEFORE INSERT ON terms_withdrawn
WHEN NEW.entry <= (SELECT max(entry) FROM terms_withdrawn)
        OR EXISTS (SELECT 1 FROM terms_withdrawn WHERE terms = NEW.terms)
BEGIN
    SELECT RAISE(FAIL, 'rows are added once, in order');
END;

CREATE TRIGGER contract_insert BEFORE INSERT ON contract
WHEN NEW.entry <= (SELECT max(entry) FROM contract)
        OR EXISTS (SELECT 1 FROM contract WHERE party = NEW.party AND terms = NEW.terms)
BEGIN
    SELECT RAISE(FAIL, 'rows are added once, in order');
END;

CREATE TRIGGER work_insert BEFORE INSERT ON work
WHEN NEW.entry <= (SELECT max(entry) FROM work)
BEGIN
    SELECT RAISE(FAIL, 'rows are added once, in order');
END;

CREATE TRIGGER work_content_insert BEFORE INSERT ON work_content
WHEN EXISTS (SELECT 1 FROM work_content WHERE digest = NEW.digest AND entry = NEW.entry)
BEGIN
    SELECT RAISE(FAIL, 'rows are added once, in order');
END;

CREATE TRIGGER claim_conflict_insert BEFORE INSERT ON claim_conflict
WHEN EXISTS (SELECT 1 FROM claim_conflict WHERE entry = NEW.entry AND earlier = NEW.earlier)
BEGIN
    SELECT RAISE(FAIL, 'rows are added once, in order');
END;

CREATE TRIGGER split_agreed_insert BEFORE INSERT ON split_agreed
WHEN NEW.entry <= (SELECT max(entry) FROM split_agreed)
        OR EXISTS (SELECT 1 FROM split_agreed WHERE work = NEW.work AND party = NEW.party)
BEGIN
    SELECT RAISE(FAIL, 'rows are added once, in order');
END;

CREATE TRIGGER assignment_insert BEFORE INSERT ON assignment
WHEN NEW.entry <= (SELECT max(entry) FROM assignment)
BEGIN
    SELECT RAISE(FAIL, 'rows are added once, in order');
END;

CREATE TRIGGER payment_insert BEFORE INSERT ON payment
WHEN NEW.entry <= (SELECT max(entry) FROM payment)
        OR EXISTS (SELECT 1 FROM payment
            WHERE contract = NEW.contract AND reference = NEW.reference)
BEGIN
    SELECT RAISE(FAIL, 'rows are added once, in order');
END;

CREATE TRIGGER confirmation_insert BEFORE INSERT ON confirmation
WHEN NEW.entry <= (SELECT max(entry) FROM confirmation)
        OR EXISTS (SELECT 1 FROM confirmation WHERE payment = NEW.payment)
BEGIN
    SELECT RAISE(FAIL, 'rows are added once, in order');
END;

CREATE TRIGGER account_insert BEFORE INSERT ON account
WHEN NEW.entry <= (SELECT max(entry) FROM account)
BEGIN
    SELECT RAISE(FAIL, 'rows are added once, in order');
END;

CREATE TRIGGER account_sum_insert BEFORE INSERT ON account_sum
WHEN NEW.entry <= (SELECT entry FROM account_sum
        WHERE contract = NEW.contract AND work = NEW.work AND month = NEW.month
            AND kind = NEW.kind AND category = NEW.category AND currency = NEW.currency
        ORDER BY entry DESC LIMIT 1)
BEGIN
    SELECT RAISE(FAIL, 'rows are added once, in order');
END;

CREATE TRIGGER correction_insert BEFORE INSERT ON correction
WHEN NEW.entry <= (SELECT max(entry) FROM correction)
        OR EXISTS (SELECT 1 FROM correction
            WHERE contract = NEW.contract AND reference = NEW.reference)
BEGIN
    SELECT RAISE(FAIL, 'rows are added once, in order');
END;

CREATE TRIGGER opening_insert BEFORE INSERT ON opening
WHEN NEW.entry <= (SELECT max(entry) FROM opening)
BEGIN
    SELECT RAISE(FAIL, 'rows are added once, in order');
END;

CREATE TRIGGER opening_agreed_insert BEFORE INSERT ON opening_agreed
WHEN NEW.entry <= (SELECT max(entry) FROM opening_agreed)
        OR EXISTS (SELECT 1 FROM opening_agreed WHERE contract = NEW.contract)
BEGIN
    SELECT RAISE(FAIL, 'rows are added once, in order');
END;

CREATE TRIGGER exchange_rate_insert BEFORE INSERT ON exchange_rate
WHEN NEW.entry <= (SELECT max(entry) FROM exchange_rate)
        OR EXISTS (SELECT 1 FROM exchange_rate
            WHERE publisher = NEW.publisher AND base = NEW.base AND quote = NEW.quote
                AND day = NEW.day)
BEGIN
    SELECT RAISE(FAIL, 'rows are added once, in order');
END;

CREATE TRIGGER statement_closed_insert BEFORE INSERT ON statement_closed
WHEN NEW.entry <= (SELECT max(entry) FROM statement_closed)
BEGIN
    SELECT RAISE(FAIL, 'rows are added once, in order');
END;

CREATE TRIGGER statement_answered_insert BEFORE INSERT ON statement_answered
WHEN NEW.entry <= (SELECT max(entry) FROM statement_answered)
        OR EXISTS (SELECT 1 FROM statement_answered WHERE closing = NEW.closing)
BEGIN
    SELECT RAISE(FAIL, 'rows are added once, in order');
END;

CREATE TRIGGER title_insert BEFORE INSERT ON title
WHEN NEW.entry < (SELECT max(entry) FROM title WHERE work = NEW.work)
        OR EXISTS (SELECT 1 FROM title
            WHERE work = NEW.work AND entry = NEW.entry AND place = NEW.place)
BEGIN
    SELECT RAISE(FAIL, 'rows are added once, in order');
END;

CREATE TRIGGER about_insert BEFORE INSERT ON about
WHEN EXISTS (SELECT 1 FROM about WHERE target = NEW.target AND entry = NEW.entry)
BEGIN
    SELECT RAISE(FAIL, 'rows are added once, in order');
END;

-- Nothing is changed and nothing is taken away.

CREATE TRIGGER entry_update
BEFORE UPDATE OF number, registered_at, id, kind, signer, nodes, statement ON entry BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
-- But for the checkpoint, which the last entry of a commit gets when it is known to be the last.
CREATE TRIGGER entry_checkpoint BEFORE UPDATE OF checkpoint ON entry
WHEN OLD.checkpoint IS NOT NULL
        OR NEW.checkpoint IS NULL
        OR OLD.number < (SELECT max(number) FROM entry)
BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER entry_delete BEFORE DELETE ON entry BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;

CREATE TRIGGER document_update BEFORE UPDATE ON document BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER document_delete BEFORE DELETE ON document BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;

CREATE TRIGGER time_stamp_update BEFORE UPDATE ON time_stamp BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER time_stamp_delete BEFORE DELETE ON time_stamp BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;

CREATE TRIGGER cosignature_update BEFORE UPDATE ON cosignature BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER cosignature_delete BEFORE DELETE ON cosignature BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;

CREATE TRIGGER party_update BEFORE UPDATE ON party BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER party_delete BEFORE DELETE ON party BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;

CREATE TRIGGER party_key_update BEFORE UPDATE ON party_key BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER party_key_delete BEFORE DELETE ON party_key BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;

CREATE TRIGGER key_revoked_update BEFORE UPDATE ON key_revoked BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER key_revoked_delete BEFORE DELETE ON key_revoked BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;

CREATE TRIGGER terms_update BEFORE UPDATE ON terms BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER terms_delete BEFORE DELETE ON terms BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;

CREATE TRIGGER terms_withdrawn_update BEFORE UPDATE ON terms_withdrawn BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER terms_withdrawn_delete BEFORE DELETE ON terms_withdrawn BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;

CREATE TRIGGER contract_update BEFORE UPDATE ON contract BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER contract_delete BEFORE DELETE ON contract BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;

CREATE TRIGGER work_update BEFORE UPDATE ON work BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER work_delete BEFORE DELETE ON work BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;

CREATE TRIGGER work_content_update BEFORE UPDATE ON work_content BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER work_content_delete BEFORE DELETE ON work_content BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;

CREATE TRIGGER claim_conflict_update BEFORE UPDATE ON claim_conflict BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER claim_conflict_delete BEFORE DELETE ON claim_conflict BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;

CREATE TRIGGER split_agreed_update BEFORE UPDATE ON split_agreed BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER split_agreed_delete BEFORE DELETE ON split_agreed BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;

CREATE TRIGGER assignment_update BEFORE UPDATE ON assignment BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER assignment_delete BEFORE DELETE ON assignment BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;

CREATE TRIGGER payment_update BEFORE UPDATE ON payment BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER payment_delete BEFORE DELETE ON payment BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;

CREATE TRIGGER confirmation_update BEFORE UPDATE ON confirmation BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER confirmation_delete BEFORE DELETE ON confirmation BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;

CREATE TRIGGER account_update BEFORE UPDATE ON account BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER account_delete BEFORE DELETE ON account BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;

CREATE TRIGGER account_line_update BEFORE UPDATE ON account_line BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER account_line_delete BEFORE DELETE ON account_line BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;

CREATE TRIGGER account_sum_update BEFORE UPDATE ON account_sum BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER account_sum_delete BEFORE DELETE ON account_sum BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;

CREATE TRIGGER correction_update BEFORE UPDATE ON correction BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER correction_delete BEFORE DELETE ON correction BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;

CREATE TRIGGER opening_update BEFORE UPDATE ON opening BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER opening_delete BEFORE DELETE ON opening BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;

CREATE TRIGGER opening_agreed_update BEFORE UPDATE ON opening_agreed BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER opening_agreed_delete BEFORE DELETE ON opening_agreed BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;

CREATE TRIGGER exchange_rate_update BEFORE UPDATE ON exchange_rate BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER exchange_rate_delete BEFORE DELETE ON exchange_rate BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;

CREATE TRIGGER statement_closed_update BEFORE UPDATE ON statement_closed BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER statement_closed_delete BEFORE DELETE ON statement_closed BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;

CREATE TRIGGER statement_answered_update BEFORE UPDATE ON statement_answered BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER statement_answered_delete BEFORE DELETE ON statement_answered BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;

CREATE TRIGGER title_update BEFORE UPDATE ON title BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER title_delete BEFORE DELETE ON title BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;

CREATE TRIGGER about_update BEFORE UPDATE ON about BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER about_delete BEFORE DELETE ON about BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;
