//! Every question that is put to the file, by name. Rows of derived tables are asked for with all
//! their columns, whose order the format fixes. Questions named `LIST` may go through a whole
//! table, and stop where the list is full; no other may, which a test shows from their plans.

macro_rules! queries {
    ($($(#[$doc:meta])* $name:ident = $sql:literal;)+) => {
        $($(#[$doc])* pub(super) const $name: &str = $sql;)+

        /// Every question with its name.
        #[cfg(test)]
        pub(super) const ALL: &[(&str, &str)] = &[$((stringify!($name), $name)),+];
    };
}

queries! {
    // The log.
    SIZE = "SELECT coalesce(max(number), -1) + 1 FROM entry";
    ENTRY = "SELECT number, registered_at, id, kind, signer, nodes, checkpoint,
            statement FROM entry
        WHERE number = ?1";
    LIST_ENTRIES = "SELECT number, registered_at, id, kind, signer, nodes, checkpoint,
            statement FROM entry
        WHERE number >= ?1 AND number < ?2 ORDER BY number";
    LIST_LEAVES = "SELECT number, registered_at, nodes, statement FROM entry
        WHERE number >= ?1 AND number < ?2 ORDER BY number";
    LIST_NEWEST = "SELECT number, registered_at, id, kind, signer, nodes, checkpoint,
            statement FROM entry
        WHERE number >= ?1 AND number < ?2 ORDER BY number DESC LIMIT ?3";
    NEWEST_OF_KIND = "SELECT number, registered_at, id, kind, signer, nodes, checkpoint,
            statement FROM entry
        WHERE kind = ?4 AND kind <> 'work' AND number >= ?1 AND number < ?2
        ORDER BY number DESC LIMIT ?3";
    LIST_NEWEST_WORKS = "SELECT e.number, e.registered_at, e.id, e.kind, e.signer, e.nodes,
            e.checkpoint, e.statement
        FROM work w JOIN entry e ON e.number = w.entry
        WHERE w.entry >= ?1 AND w.entry < ?2 ORDER BY w.entry DESC LIMIT ?3";
    REGISTERED_AT = "SELECT registered_at FROM entry WHERE number = ?1";
    STATEMENT = "SELECT statement FROM entry WHERE number = ?1";
    ID = "SELECT id FROM entry WHERE number = ?1";
    NODE = "SELECT substr(nodes, ?2, 32) FROM entry WHERE number = ?1";
    KIND = "SELECT kind FROM entry WHERE number = ?1";
    ENTRY_NUMBER = "SELECT number, kind FROM entry WHERE id = ?1";
    IDS_BETWEEN = "SELECT id, number FROM entry WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT ?3";
    SIGNED_BY = "SELECT number FROM entry WHERE signer = ?1 AND kind <> 'work'
        ORDER BY number LIMIT ?2";
    LAST = "SELECT number + 1, registered_at FROM entry ORDER BY number DESC LIMIT 1";
    HEAD = "SELECT number + 1, checkpoint FROM entry ORDER BY number DESC LIMIT 1";
    CHECKPOINT = "SELECT checkpoint FROM entry WHERE number = ?1 - 1";
    DOCUMENT = "SELECT text FROM document WHERE digest = ?1";
    HAS_DOCUMENT = "SELECT 1 FROM document WHERE digest = ?1";
    LIST_DOCUMENTS = "SELECT digest, text FROM document";
    LIST_CHECKPOINTS = "SELECT number + 1, checkpoint FROM entry WHERE checkpoint IS NOT NULL
        ORDER BY number DESC";
    LIST_TIME_STAMPS = "SELECT number, size, digest, answer FROM time_stamp ORDER BY number";
    TIME_STAMP = "SELECT number, size, digest, answer FROM time_stamp WHERE number = ?1";
    TIME_STAMP_OF = "SELECT number FROM time_stamp WHERE digest = ?1";
    TIME_STAMPS_OF_SIZE = "SELECT number, size, digest, answer FROM time_stamp WHERE size = ?1
        ORDER BY number";
    NEXT_STAMPED = "SELECT size FROM time_stamp WHERE size > ?1 ORDER BY size LIMIT 1";
    NEXT_TIME_STAMP = "SELECT coalesce(max(number), -1) + 1 FROM time_stamp";

    COSIGNED_LAST = "SELECT max(size) FROM cosignature WHERE witness = ?1";
    COSIGNATURES = "SELECT witness, size, time, signature FROM cosignature WHERE size = ?1
        ORDER BY witness";
    NEXT_COSIGNED = "SELECT size FROM cosignature WHERE size > ?1 ORDER BY size LIMIT 1";
    LIST_COSIGNATURES = "SELECT witness, size, time, signature FROM cosignature ORDER BY size, witness";

    // Parties, keys, terms, contracts.
    PARTY = "SELECT e.id, p.handle, p.roles FROM party p JOIN entry e ON e.number = p.entry
        WHERE p.entry = ?1";
    PARTY_NAMED = "SELECT entry FROM party WHERE handle = ?1";
    LIST_PARTIES = "SELECT * FROM party ORDER BY entry LIMIT ?1";
    KEY = "SELECT k.party, k.algorithm, k.key,
            (SELECT r.entry FROM key_revoked r WHERE r.kid = k.kid)
        FROM party_key k WHERE k.kid = ?1";
    LIVE_KEYS = "SELECT count(*) FROM party_key k
        WHERE k.party = ?1 AND NOT EXISTS (SELECT 1 FROM key_revoked r WHERE r.kid = k.kid)";
    KEYS_OF = "SELECT * FROM party_key WHERE party = ?1 ORDER BY entry LIMIT ?2";
    TERMS = "SELECT t.provider,
            (SELECT w.effective_at FROM terms_withdrawn w WHERE w.terms = t.entry)
        FROM terms t WHERE t.entry = ?1";
    LATEST_TERMS = "SELECT version, entry FROM terms WHERE provider = ?1 AND slug = ?2
        ORDER BY version DESC LIMIT 1";
    TERMS_VERSION = "SELECT entry FROM terms WHERE provider = ?1 AND slug = ?2 AND version = ?3";
    WITHDRAWAL_OF = "SELECT entry FROM terms_withdrawn WHERE terms = ?1";
    LIST_TERMS = "SELECT * FROM terms ORDER BY entry LIMIT ?1";
    CONTRACT = "SELECT * FROM contract WHERE entry = ?1";
    ACCEPTANCE = "SELECT entry FROM contract WHERE party = ?1 AND terms = ?2";
    AMENDMENTS_OF = "SELECT * FROM contract WHERE amends = ?1 ORDER BY effective_at, entry";
    AMENDMENT_AT = "SELECT * FROM contract WHERE amends = ?1 AND effective_at <= ?2
        ORDER BY effective_at DESC, entry DESC LIMIT 1";
    CONTRACTS_OF = "SELECT * FROM contract WHERE party = ?1 LIMIT ?2";
    CONTRACTS_OFFERED_BY = "SELECT * FROM contract WHERE provider = ?1 ORDER BY entry LIMIT ?2";
    CONTRACTS_UNDER = "SELECT * FROM contract WHERE terms = ?1 ORDER BY entry LIMIT ?2";

    // Works.
    WORK = "SELECT w.contract, w.effective_at, e.signer, e.statement
        FROM work w JOIN entry e ON e.number = w.entry WHERE w.entry = ?1";
    CONTRACT_OF_WORK = "SELECT contract FROM work WHERE entry = ?1";
    WORK_ROW = "SELECT * FROM work WHERE entry = ?1";
    LIST_WORKS = "SELECT * FROM work WHERE entry > ?1 ORDER BY entry";
    WORKS_UNDER = "SELECT w.entry FROM about a CROSS JOIN work w ON w.entry = a.entry
        WHERE a.target = ?1 AND w.contract = ?1 ORDER BY a.entry";
    WORKS_UNDER_AFTER = "SELECT w.* FROM about a CROSS JOIN work w ON w.entry = a.entry
        WHERE a.target = ?2 AND a.entry > ?1 AND w.contract = ?2 ORDER BY a.entry";
    WORKS_SIGNED_BY = "SELECT w.entry FROM contract c CROSS JOIN about a ON a.target = c.entry
            CROSS JOIN work w ON w.entry = a.entry
        WHERE c.party = ?1 AND w.contract = c.entry
        UNION ALL SELECT w.entry FROM about a CROSS JOIN work w ON w.entry = a.entry
            CROSS JOIN entry e ON e.number = w.entry
        WHERE a.target = ?1 AND w.contract IS NULL AND e.signer = ?1
        ORDER BY 1 LIMIT ?2";
    LIST_WORKS_HELD_AFTER = "SELECT w.* FROM work w WHERE w.entry > ?1
            AND EXISTS (SELECT 1 FROM title t
                WHERE t.work = w.entry AND t.holder = ?2
                    AND t.entry = (SELECT max(l.entry) FROM title l WHERE l.work = w.entry)
                    AND (?3 IS NULL OR t.valid_from <= ?3
                        AND (t.valid_until IS NULL OR t.valid_until > ?3)))
        ORDER BY w.entry";
    WORKS_WITH = "SELECT entry FROM work_content WHERE digest = ?1 ORDER BY entry";
    CODES_WITH = "SELECT entry, block, code, place FROM content_code WHERE block = ?1";
    TEXTS_WITH = "SELECT entry, place, code FROM text_code WHERE band = ?1";
    CONFLICTS_OF = "SELECT entry, earlier FROM claim_conflict WHERE entry = ?1
        UNION ALL SELECT entry, earlier FROM claim_conflict WHERE earlier = ?1
        ORDER BY 1, 2 LIMIT ?2";
    SPLIT_AGREED = "SELECT 1 FROM split_agreed WHERE work = ?1 AND party = ?2";
    TITLE_ROWS = "SELECT * FROM title
        WHERE work = ?1 AND entry = (SELECT max(entry) FROM title WHERE work = ?1)
        ORDER BY place";
    ABOUT = "SELECT entry FROM about WHERE target = ?1 ORDER BY entry LIMIT ?2";
    GIVEN_TITLE_BY = "SELECT e.number, e.kind FROM about a CROSS JOIN entry e ON e.number = a.entry
        WHERE a.target = ?1 AND e.kind IN ('work', 'assignment') ORDER BY a.entry LIMIT ?2";

    // What bears on a title, with the moment at which it was registered.
    AGREED_FACTS = "SELECT s.*, e.registered_at
        FROM split_agreed s JOIN entry e ON e.number = s.entry WHERE s.work = ?1";
    ASSIGNED_FACTS = "SELECT a.*, e.registered_at, e.statement
        FROM assignment a JOIN entry e ON e.number = a.entry WHERE a.work = ?1";
    WORK_PAYMENT_FACTS = "SELECT c.*, e.registered_at
        FROM confirmation c JOIN entry e ON e.number = c.entry
        WHERE c.work = ?1 ORDER BY c.entry";
    CONTRACT_PAYMENT_FACTS = "SELECT c.*, e.registered_at
        FROM confirmation c JOIN entry e ON e.number = c.entry
        WHERE c.contract = ?1 AND c.work IS NULL ORDER BY c.entry";

    // Licences, derived works, pools.
    LICENCE = "SELECT * FROM licence WHERE entry = ?1";
    DERIVED = "SELECT d.entry, d.parent, l.rate, l.passing
        FROM derivation d LEFT JOIN licence l ON l.entry = d.licence
        WHERE d.entry = ?1 ORDER BY d.parent";
    DERIVATIONS_OF = "SELECT * FROM derivation WHERE entry = ?1 ORDER BY parent";
    DERIVATIONS_FROM = "SELECT * FROM derivation WHERE parent = ?1 ORDER BY entry LIMIT ?2";
    ATTESTED = "SELECT * FROM attested_output WHERE provider = ?1 AND reference = ?2";
    ATTESTED_WITH = "SELECT * FROM attested_output WHERE digest = ?1 ORDER BY entry, place LIMIT ?2";
    DERIVED_FROM = "SELECT entry FROM derivation WHERE parent = ?1 ORDER BY entry LIMIT ?2";
    DERIVED_FROM_THOSE_UNDER = "SELECT DISTINCT d.entry
        FROM about a CROSS JOIN derivation d ON d.parent = a.entry
            CROSS JOIN work w ON w.entry = a.entry
        WHERE a.target = ?1 AND w.contract = ?1 ORDER BY d.entry LIMIT ?2";
    SHARED_UNDER = "SELECT w.entry FROM about a CROSS JOIN work w ON w.entry = a.entry
        WHERE a.target = ?1 AND w.contract = ?1
            AND (EXISTS (SELECT 1 FROM derivation d WHERE d.entry = w.entry)
                OR NOT EXISTS (SELECT 1 FROM title t WHERE t.work = w.entry)
                OR EXISTS (SELECT 1 FROM title t
                    WHERE t.work = w.entry
                        AND (t.entry <> w.entry OR t.place > 0 OR t.holder <> ?2
                            OR t.valid_from > ?3 OR t.valid_until IS NOT NULL)))
        ORDER BY a.entry LIMIT ?4";
    POOL = "SELECT first FROM account_pool
        WHERE party = ?1 AND provider = ?2 AND name = ?3 ORDER BY entry LIMIT 1";
    POOL_OF = "SELECT first FROM account_pool WHERE entry = ?1";
    POOLED = "SELECT entry FROM account_pool WHERE first = ?1 ORDER BY entry LIMIT ?2";

    // Labels.
    LABELS_OF = "SELECT entry FROM label WHERE original = ?1
        UNION SELECT entry FROM label WHERE labelled = ?1 ORDER BY entry LIMIT ?2";
    WORKS_LABELLED = "SELECT work FROM label
        WHERE labelled = ?1 AND work IS NOT NULL ORDER BY entry LIMIT ?2";

    // Sessions.
    SESSION = "SELECT * FROM session WHERE entry = ?1";
    SESSION_STOPPED = "SELECT entry FROM session_stopped WHERE session = ?1";
    SESSION_OUTPUT = "SELECT entry FROM session_output WHERE digest = ?1 AND session = ?2
        ORDER BY entry, step LIMIT 1";
    SESSIONS_WITH = "SELECT DISTINCT session FROM session_output WHERE digest = ?1
        ORDER BY session LIMIT ?2";
    OPEN_SESSIONS_OF = "SELECT s.entry FROM session s
        WHERE s.party = ?1 AND NOT EXISTS (SELECT 1 FROM session_stopped x WHERE x.session = s.entry)
        ORDER BY s.entry LIMIT ?2";

    // Money.
    PAYMENT = "SELECT * FROM payment WHERE entry = ?1";
    PAYMENT_REFERENCED = "SELECT * FROM payment WHERE contract = ?1 AND reference = ?2";
    PAYMENTS_UNDER = "SELECT * FROM payment WHERE contract = ?1 ORDER BY entry LIMIT ?2";
    PAYMENTS_FOR = "SELECT * FROM payment WHERE work = ?1 ORDER BY entry LIMIT ?2";
    CONFIRMATION = "SELECT entry FROM confirmation WHERE payment = ?1";
    PROCEEDS_PAID = "SELECT iif(c.purpose = 'proceeds', c.minor, -c.minor)
        FROM confirmation c CROSS JOIN payment p ON p.entry = c.payment
        WHERE c.contract = ?1 AND c.work = ?1 AND c.currency = ?4
            AND (c.purpose = 'proceeds' AND p.payer = ?2 AND p.payee = ?3
                OR c.purpose = 'proceeds-refund' AND p.payer = ?3 AND p.payee = ?2)";
    SIGNER = "SELECT signer FROM entry WHERE number = ?1 AND signer IS NOT NULL";
    LIST_WORK_ACCOUNTS = "SELECT DISTINCT a.contract FROM account a
        WHERE EXISTS (SELECT 1 FROM work w WHERE w.entry = a.contract)
        ORDER BY a.contract LIMIT ?1";
    WORK_ACCOUNTS_UNDER = "SELECT w.entry FROM about t CROSS JOIN work w ON w.entry = t.entry
        WHERE t.target = ?1 AND w.contract = ?1
            AND EXISTS (SELECT 1 FROM account a WHERE a.contract = w.entry)
        ORDER BY t.entry LIMIT ?2";
    HAS_ACCOUNT = "SELECT 1 FROM account WHERE contract = ?1 LIMIT 1";
    CONFIRMATIONS = "SELECT * FROM confirmation WHERE contract = ?1 AND work IS ?2
        ORDER BY entry LIMIT ?3";
    CONFIRMATIONS_UNDER = "SELECT * FROM confirmation WHERE contract = ?1 LIMIT ?2";
    ACCOUNT_LINE = "SELECT entry, line FROM account_line WHERE contract = ?1 AND reference = ?2";
    REFERENCES_BETWEEN = "SELECT 1 FROM account_line
        WHERE contract = ?1 AND reference BETWEEN ?2 AND ?3 LIMIT 1";
    ACCOUNTS = "SELECT * FROM account WHERE contract = ?1 AND entry <= ?2 AND first_on <= ?3
        ORDER BY entry";
    FIRST_LINE_ON = "SELECT first_on FROM account WHERE contract = ?1 ORDER BY first_on LIMIT 1";
    CORRECTION = "SELECT entry FROM correction WHERE contract = ?1 AND reference = ?2";
    CORRECTIONS = "SELECT * FROM correction WHERE contract = ?1 AND entry <= ?2 ORDER BY reference";
    OPENING = "SELECT * FROM opening WHERE entry = ?1";
    OPENING_AGREED = "SELECT * FROM opening_agreed WHERE contract = ?1";
    STATEMENT_CLOSED = "SELECT * FROM statement_closed WHERE entry = ?1";
    LAST_CLOSING = "SELECT entry FROM statement_closed WHERE contract = ?1 AND starts_at = ?2
        AND ends_at = ?3 ORDER BY entry DESC LIMIT 1";
    CLOSINGS = "SELECT * FROM statement_closed WHERE contract = ?1 AND starts_at = ?2
        AND ends_at = ?3 ORDER BY entry LIMIT ?4";
    STATEMENT_ANSWERED = "SELECT * FROM statement_answered WHERE closing = ?1";
    EXCHANGE_RATE = "SELECT * FROM exchange_rate
        WHERE publisher = ?1 AND base = ?2 AND quote = ?3 AND day = ?4";
    EXCHANGE_RATES = "SELECT * FROM exchange_rate
        WHERE publisher = ?1 AND base = ?2 AND quote = ?3 AND day BETWEEN ?4 AND ?5
            AND entry <= ?6
        ORDER BY day LIMIT ?7";
    ACCOUNT_SUM = "SELECT * FROM account_sum
        WHERE contract = ?1 AND work = ?2 AND month = ?3 AND kind = ?4 AND category = ?5
            AND currency = ?6
        ORDER BY entry DESC LIMIT 1";
    SUM_CHANGES = "SELECT entry, month, kind, category, currency, minor, units, lines, first_on,
            last_on
        FROM account_sum WHERE contract = ?1 AND work = ?2
        ORDER BY month, kind, category, currency, entry LIMIT ?3";
    SUM_CHANGES_COUNT = "SELECT count(*) FROM (SELECT 1 FROM account_sum
        WHERE contract = ?1 AND work = ?2 LIMIT ?3)";
    FIRST_SUM = "SELECT month, kind, category, currency FROM account_sum
        WHERE contract = ?1 AND work = ?2
        ORDER BY month, kind, category, currency LIMIT 1";
    NEXT_SUM = "SELECT month, kind, category, currency FROM account_sum
        WHERE contract = ?1 AND work = ?2
            AND (month, kind, category, currency) > (?3, ?4, ?5, ?6)
        ORDER BY month, kind, category, currency LIMIT 1";
    SUM_AT = "SELECT * FROM account_sum
        WHERE contract = ?1 AND work = ?2 AND month = ?3 AND kind = ?4 AND category = ?5
            AND currency = ?6 AND entry <= ?7
        ORDER BY entry DESC LIMIT 1";
    NEXT_WORK = "SELECT work FROM account_sum WHERE contract = ?1 AND work > ?2
        ORDER BY work LIMIT 1";
}
