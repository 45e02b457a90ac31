-- What accounts across contracts and across works rest on: contracts that share one account, licences,
-- and the works that derive from others under them. Derived from the log like the tables before, with
-- the same guards.

-- Contracts that share one account: those between the same two parties that name the same pool.
CREATE TABLE account_pool (
    entry INTEGER PRIMARY KEY REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED, -- the contract
    party INTEGER NOT NULL REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    provider INTEGER NOT NULL REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    name TEXT NOT NULL,                               -- of the pool
    -- The contract that named it first, which has the account.
    first INTEGER NOT NULL REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX account_pool_name ON account_pool (party, provider, name);
CREATE INDEX account_pool_first ON account_pool (first);

-- Licences.
CREATE TABLE licence (
    entry INTEGER PRIMARY KEY REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    work INTEGER NOT NULL REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    licensor INTEGER NOT NULL REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED,
    licensee INTEGER REFERENCES entry (number) DEFERRABLE INITIALLY DEFERRED, -- none: anybody
    rate TEXT NOT NULL,                               -- exact part of what is paid
    passing TEXT NOT NULL,                            -- of which payments
    effective_at INTEGER NOT NULL,
    valid_until INTEGER                               -- none: for the term of protection
) STRICT;

-- Works and those that they were made from.
CREATE TABLE derivation (
    entry INTEGER NOT NULL,                           -- the registration of the derived work
    parent INTEGER NOT NULL,
    licence INTEGER,                                  -- none: none is named
    contract INTEGER,                                 -- under which the derived work was made
    kind TEXT,                                        -- what was done; none: that is not told
    PRIMARY KEY (entry, parent)
) STRICT, WITHOUT ROWID;
CREATE INDEX derivation_parent ON derivation (parent, entry);

CREATE TRIGGER account_pool_insert BEFORE INSERT ON account_pool
WHEN NEW.entry <= (SELECT max(entry) FROM account_pool)
BEGIN
    SELECT RAISE(FAIL, 'rows are added once, in order');
END;

CREATE TRIGGER licence_insert BEFORE INSERT ON licence
WHEN NEW.entry <= (SELECT max(entry) FROM licence)
BEGIN
    SELECT RAISE(FAIL, 'rows are added once, in order');
END;

CREATE TRIGGER derivation_insert BEFORE INSERT ON derivation
WHEN EXISTS (SELECT 1 FROM derivation WHERE entry = NEW.entry AND parent = NEW.parent)
BEGIN
    SELECT RAISE(FAIL, 'rows are added once, in order');
END;

CREATE TRIGGER account_pool_update BEFORE UPDATE ON account_pool BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER account_pool_delete BEFORE DELETE ON account_pool BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;

CREATE TRIGGER licence_update BEFORE UPDATE ON licence BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER licence_delete BEFORE DELETE ON licence BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;

CREATE TRIGGER derivation_update BEFORE UPDATE ON derivation BEGIN
    SELECT RAISE(FAIL, 'rows are never changed');
END;
CREATE TRIGGER derivation_delete BEFORE DELETE ON derivation BEGIN
    SELECT RAISE(FAIL, 'rows are never deleted');
END;
