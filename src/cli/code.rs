//! Codes and ways out for the errors of the layers below, in one place.

use crate::evidence::SealError;
use crate::keys::KeyError;
use crate::ledger::{AttestingError, Flaw, GatherError, ImportError, LedgerError};
use crate::money::MoneyError;
use crate::record::RecordError;
use crate::store::StoreError;
use crate::timestamp::TimestampError;
use crate::vault::VaultError;
use crate::witness::WitnessError;

/// The code of an error of the ledger; that of the rule, where a rule refused.
pub(super) fn of_ledger(error: &LedgerError) -> &'static str {
    match error {
        LedgerError::Refused { refusal, .. } => refusal.code(),
        LedgerError::Record { error, .. } => of_record(error),
        LedgerError::Store(error) => of_store(error),
        LedgerError::Integrity(_) => "integrity",
        LedgerError::ClockBehind { .. } => "clock_behind",
        LedgerError::WrongLedgerKey => "wrong_ledger_key",
        LedgerError::NoLedgerKey => "no_ledger_key",
        LedgerError::HeadMissing { .. } => "head_missing",
        LedgerError::HeadFile { .. } => "head_file",
        LedgerError::HeadBehind { .. } => "head_behind",
        LedgerError::InTheWay { .. } => "file_exists",
        LedgerError::BeingMade { .. } => "ledger_locked",
        LedgerError::Making { .. } => "file",
        LedgerError::Timestamp(error) => of_timestamp(error),
        LedgerError::NotOurs { .. } => "timestamp_of_something_else",
        LedgerError::NoTimestamp { .. } => "timestamp_missing",
        LedgerError::NoCheckpoint { .. } => "no_checkpoint",
        LedgerError::Receipt(_) => "receipt",
        LedgerError::PublishedOther { .. } => "published_other",
        LedgerError::BeingPublished { .. } => "published_locked",
        LedgerError::Tlog(_) => "tree",
        LedgerError::Vault(error) => of_vault(error),
    }
}

/// The code of a refused report; that of the first line, where lines were refused.
pub(super) fn of_import(error: &ImportError) -> &'static str {
    match error {
        ImportError::Report { error, .. } => error.code(),
        ImportError::TooManyToSign { .. } => "too_many",
        ImportError::Lines { problems, .. } => {
            problems.first().map_or("report_lines", |problem| problem.fault.code())
        }
        ImportError::Ledger(error) => of_ledger(error),
    }
}

/// The way out of a refused report.
pub(super) fn import_hint(error: &ImportError) -> String {
    match error {
        ImportError::Report { error, .. } => error.hint().to_owned(),
        ImportError::TooManyToSign { .. } => "split the report, and sign its parts".to_owned(),
        ImportError::Lines { problems, .. } => {
            problems.first().map_or_else(String::new, |problem| problem.fault.hint())
        }
        ImportError::Ledger(error) => ledger_hint(error),
    }
}

/// The code of a refused log of generations; that of the first line, where lines were refused.
pub(super) fn of_attesting(error: &AttestingError) -> &'static str {
    match error {
        AttestingError::Lines { problems } => {
            problems.first().map_or("log_lines", |problem| problem.refusal.code())
        }
        AttestingError::Store(error) => of_store(error),
    }
}

/// The way out of a refused log of generations.
pub(super) fn attesting_hint(error: &AttestingError) -> String {
    match error {
        AttestingError::Lines { problems } => {
            problems.first().map_or_else(String::new, |problem| problem.refusal.hint())
        }
        AttestingError::Store(error) => store_hint(error).to_owned(),
    }
}

/// The code of evidence that could not be gathered.
pub(super) const fn of_gathering(error: &GatherError) -> &'static str {
    match error {
        GatherError::NotASubject { .. } => "wrong_kind",
        GatherError::TooMany { .. } => "evidence_too_large",
        GatherError::Missing { .. }
        | GatherError::Record(_)
        | GatherError::Cosignature { .. }
        | GatherError::Answer(_)
        | GatherError::Store(_) => "ledger_database",
    }
}

/// The way out where evidence could not be gathered.
pub(super) const fn gathering_hint(error: &GatherError) -> &'static str {
    match error {
        GatherError::NotASubject { .. } => "name a work, a contract or a party",
        GatherError::TooMany { .. } => "ask for one of its works or contracts",
        GatherError::Missing { .. }
        | GatherError::Record(_)
        | GatherError::Cosignature { .. }
        | GatherError::Answer(_)
        | GatherError::Store(_) => "run `deedbook verify`",
    }
}

/// The way out where a bundle could not be made.
pub(super) const fn seal_hint(error: &SealError) -> &'static str {
    match error {
        SealError::Key { .. } | SealError::KeyWeak => {
            "put the ledger's own key beside it, with `.key` after its name"
        }
        SealError::Archive(_) => "ask for one of its works or contracts",
        SealError::NoOpening
        | SealError::Record(_)
        | SealError::Case(_)
        | SealError::TimeStamp(_)
        | SealError::Cosignature(_)
        | SealError::Tlog(_)
        | SealError::Receipt(_)
        | SealError::Refused(_) => "run `deedbook verify` on the ledger",
    }
}

/// The way out of an error of the ledger.
pub(super) fn ledger_hint(error: &LedgerError) -> String {
    match error {
        LedgerError::Refused { refusal, .. } => refusal.hint(),
        LedgerError::Record { error, .. } => record_hint(error),
        LedgerError::Store(error) => store_hint(error).to_owned(),
        LedgerError::Integrity(integrity) => integrity_hint(&integrity.flaw).to_owned(),
        LedgerError::ClockBehind { .. } => "set the clock of this machine".to_owned(),
        LedgerError::WrongLedgerKey => {
            "put the ledger's own key beside it, with `.key` after its name".to_owned()
        }
        LedgerError::NoLedgerKey => {
            "only who holds the ledger's key can append: sign with `--out FILE` and hand that in"
                .to_owned()
        }
        LedgerError::HeadMissing { .. } => {
            "find it or name it with `--head`; if it is lost and you are \
            sure of the ledger, run `deedbook head accept`"
                .to_owned()
        }
        LedgerError::HeadFile { .. } => "check who may read and write it".to_owned(),
        LedgerError::HeadBehind { .. } => {
            "the record stands, do not send it again; make the head file writable, and the next \
             append brings it up to date"
                .to_owned()
        }
        LedgerError::InTheWay { .. } => {
            "if it belongs to a ledger, put that ledger back; else move it away, or name another \
            place with `--ledger`"
                .to_owned()
        }
        LedgerError::BeingMade { .. } => "try again when that process is done".to_owned(),
        LedgerError::Making { .. } => {
            "check that the directory exists, who may write there, and that the disk has room"
                .to_owned()
        }
        LedgerError::NoCheckpoint { .. } => {
            "name a size at which a commit ended, or none for the present one, which \
                `deedbook checkpoint show` tells"
                .to_owned()
        }
        LedgerError::PublishedOther { .. } => "publish to a directory of its own".to_owned(),
        LedgerError::BeingPublished { .. } => "try again when that process is done".to_owned(),
        LedgerError::Timestamp(error) => timestamp_hint(error).to_owned(),
        LedgerError::NotOurs { .. } => {
            "ask the authority with a query of `deedbook timestamp request`".to_owned()
        }
        LedgerError::NoTimestamp { .. } => {
            "`deedbook timestamp list` shows which are there".to_owned()
        }
        LedgerError::Tlog(_) | LedgerError::Receipt(_) => "run `deedbook verify`".to_owned(),
        LedgerError::Vault(error) => vault_hint(error),
    }
}

fn integrity_hint(flaw: &Flaw) -> &'static str {
    if let Flaw::RolledBack { .. } | Flaw::Forked { .. } | Flaw::ForeignHead { .. } = flaw {
        "find the newer file of the ledger; if you are sure that this is the true one, move the head \
         file away and run `deedbook head accept`"
    } else {
        "do not append to it: keep this file as it is, and put back a copy that `deedbook verify` \
         finds whole"
    }
}

fn of_store(error: &StoreError) -> &'static str {
    match error {
        StoreError::NotFound { .. } => "ledger_missing",
        StoreError::Exists { .. } => "ledger_exists",
        StoreError::Directory { .. } | StoreError::Special { .. } => "ledger_not_a_file",
        StoreError::CannotOpen { .. } => "ledger_cannot_open",
        StoreError::NotADatabase { .. } | StoreError::NotALedger { .. } => "not_a_ledger",
        StoreError::Newer { .. } => "ledger_newer",
        StoreError::Older { .. } => "ledger_older",
        StoreError::Locked => "ledger_locked",
        StoreError::ReadOnly => "ledger_read_only",
        StoreError::DiskFull => "disk_full",
        StoreError::InputOutput { .. } => "ledger_io",
        StoreError::HeadMoved { .. } => "head_moved",
        StoreError::SchemaDiffers { .. }
        | StoreError::Corrupt { .. }
        | StoreError::Constraint { .. }
        | StoreError::Sqlite { .. }
        | StoreError::UnknownTable { .. }
        | StoreError::Missing { .. }
        | StoreError::Statement { .. }
        | StoreError::Value(_)
        | StoreError::Money(_)
        | StoreError::Tlog(_) => "ledger_database",
    }
}

fn store_hint(error: &StoreError) -> &'static str {
    match error {
        StoreError::NotFound { .. } => {
            "make one with `deedbook init`, or name yours with `--ledger`"
        }
        StoreError::Exists { .. } => "name another file with `--ledger`",
        StoreError::Directory { .. } | StoreError::Special { .. } => {
            "name the ledger file with `--ledger`"
        }
        StoreError::CannotOpen { .. } | StoreError::InputOutput { .. } => {
            "check who may read and write the ledger and the directory that it is in, and that the \
            disk has room"
        }
        StoreError::NotADatabase { .. } | StoreError::NotALedger { .. } => {
            "name a file that `deedbook init` made"
        }
        StoreError::Newer { .. } => "use the version of deedbook that wrote it",
        StoreError::Older { .. } => {
            "use the version of deedbook that wrote it to submit its statements anew"
        }
        StoreError::Locked | StoreError::HeadMoved { .. } => {
            "try again when the other process is done"
        }
        StoreError::ReadOnly => {
            "let your user write to the ledger and to the directory that it is in"
        }
        StoreError::DiskFull => "make room; nothing was recorded",
        StoreError::SchemaDiffers { .. }
        | StoreError::Corrupt { .. }
        | StoreError::Constraint { .. }
        | StoreError::Sqlite { .. }
        | StoreError::UnknownTable { .. }
        | StoreError::Missing { .. }
        | StoreError::Statement { .. }
        | StoreError::Value(_)
        | StoreError::Money(_)
        | StoreError::Tlog(_) => "run `deedbook verify`",
    }
}

/// The code of an error of a time stamp.
pub(super) fn of_timestamp(error: &TimestampError) -> &'static str {
    match error {
        TimestampError::TooLarge { .. }
        | TimestampError::TooMany { .. }
        | TimestampError::Malformed { .. }
        | TimestampError::Version { .. }
        | TimestampError::NoStamp
        | TimestampError::ContentType { .. }
        | TimestampError::Signers { .. }
        | TimestampError::Attribute { .. }
        | TimestampError::Extension { .. } => "timestamp_malformed",
        TimestampError::NotGranted { .. } => "timestamp_not_granted",
        TimestampError::MessageDigest
        | TimestampError::Signature
        | TimestampError::CertificateDiffers
        | TimestampError::Authority => "timestamp_signature",
        TimestampError::Algorithm { .. } | TimestampError::ImprintAlgorithm { .. } => {
            "timestamp_algorithm"
        }
        TimestampError::CertificateMissing => "timestamp_certificate_missing",
        TimestampError::Purpose { .. } => "timestamp_purpose",
        TimestampError::NotValidThen { .. } | TimestampError::TrustedNotValidThen => {
            "timestamp_not_valid_then"
        }
        TimestampError::Imprint { .. } => "timestamp_of_something_else",
        TimestampError::Nonce | TimestampError::Policy { .. } => "timestamp_of_another_query",
        TimestampError::Untrusted | TimestampError::Chain(_) => "timestamp_untrusted",
    }
}

/// The way out of an error of a time stamp.
pub(super) fn timestamp_hint(error: &TimestampError) -> &'static str {
    match of_timestamp(error) {
        "timestamp_not_granted" => "try again later, or ask another authority",
        "timestamp_certificate_missing" => {
            "ask with a query of `deedbook timestamp request`, which asks for the certificate"
        }
        "timestamp_of_something_else" => "name the checkpoint that was stamped",
        "timestamp_of_another_query" => "name the query that was answered with `--query`",
        "timestamp_untrusted" => {
            "name the certificate of the authority's root with `--trust`, after you made sure that \
             it is theirs"
        }
        "timestamp_malformed" => "hand in the file as the authority answered it",
        _ => "ask another authority, or this one again",
    }
}

/// The code of an error of a record.
pub(super) fn of_record(error: &RecordError) -> &'static str {
    match error {
        RecordError::Identifier { .. } => "identifier",
        RecordError::Handle { .. } => "handle",
        RecordError::ContentCode { .. } => "content_code",
        RecordError::TextEmpty { .. } => "text_empty",
        RecordError::TextPadded { .. } => "text_padded",
        RecordError::TextTooLong { .. } => "text_too_long",
        RecordError::TextCharacter { .. } => "text_character",
        RecordError::Time { .. } => "time",
        RecordError::TimeOutOfRange { .. } => "time_out_of_range",
        RecordError::PeriodEmpty { .. } => "period_empty",
        RecordError::Right { .. } => "right",
        RecordError::Country { .. } => "country",
        RecordError::List { .. } => "list",
        RecordError::OutOfRange { .. } => "out_of_range",
        RecordError::Money { error, .. } => of_money(error),
        RecordError::Malformed { .. } => "malformed",
        RecordError::NotCanonical { .. } => "not_canonical",
        RecordError::TooLarge { .. } => "too_large",
        RecordError::Version { .. } => "version",
        RecordError::Subject { .. } => "subject",
        RecordError::Key { .. } => "key",
        RecordError::Signature { .. } => "signature",
    }
}

/// The way out of an error of a record.
pub(super) fn record_hint(error: &RecordError) -> String {
    match error {
        RecordError::Identifier { .. } => "copy the whole identifier from an earlier answer",
        RecordError::Handle { .. } => "choose a name such as `wen` or `northlight-studio`",
        RecordError::TextEmpty { .. } => "write something there",
        RecordError::TextPadded { .. } => "take the white space away",
        RecordError::TextTooLong { .. } => "shorten it",
        RecordError::TextCharacter { .. } => "write it without that character; a work's title is set with `--title`",
        RecordError::Time { .. } => "check that the day exists, and write it as year-month-day",
        RecordError::TimeOutOfRange { .. } => "give a day within that time",
        RecordError::PeriodEmpty { .. } => "give an end that is after the start",
        RecordError::Right { .. } => "`all`, or some of: reproduction, distribution, rental, exhibition, performance, \
            projection, broadcasting, network-dissemination, filming, adaptation, translation, compilation, other",
        RecordError::Country { .. } => "`worldwide`, or codes such as CN,JP",
        RecordError::List { .. } => "name each one once, and as many as are allowed",
        RecordError::OutOfRange { .. } => "give a value within that range",
        RecordError::Money { error, .. } => return money_hint(error),
        RecordError::ContentCode { .. } | RecordError::Malformed { .. } | RecordError::NotCanonical { .. } | RecordError::Subject { .. } => {
            "hand in the file as `--out` wrote it"
        }
        RecordError::TooLarge { .. } => "split what it says into several statements",
        RecordError::Version { .. } => "use the version of deedbook that signed it",
        RecordError::Key { .. } => "use an Ed25519 key, such as `deedbook key new` makes",
        RecordError::Signature { .. } => "sign again with the key of the party",
    }
    .to_owned()
}

/// The code of an error of an amount or a share.
pub(super) fn of_money(error: &MoneyError) -> &'static str {
    match error {
        MoneyError::UnknownCurrency { .. } | MoneyError::CurrencyWithoutMinorUnit { .. } => {
            "currency"
        }
        MoneyError::TooManyDecimals { .. } => "too_many_decimals",
        MoneyError::SharesFallShort { .. } | MoneyError::SharesExceedWhole { .. } => "shares",
        MoneyError::TextTooLong { .. }
        | MoneyError::CurrencyMismatch { .. }
        | MoneyError::MalformedAmount { .. }
        | MoneyError::AmountWithoutCurrency { .. }
        | MoneyError::AmountTextOutOfRange { .. }
        | MoneyError::AmountOutOfRange { .. }
        | MoneyError::MalformedFraction { .. }
        | MoneyError::FractionTextOutOfRange { .. }
        | MoneyError::FractionOutOfRange { .. }
        | MoneyError::ZeroDenominator { .. }
        | MoneyError::DivisionByZero { .. }
        | MoneyError::FractionOverflow { .. }
        | MoneyError::ShareOutOfRange { .. }
        | MoneyError::RateOutOfRange { .. }
        | MoneyError::NegativeWeight { .. }
        | MoneyError::NoPositiveWeight { .. }
        | MoneyError::WeightsOutOfRange { .. }
        | MoneyError::UnknownRounding { .. }
        | MoneyError::UnknownSplitRule { .. } => "amount",
    }
}

/// The way out of an error of an amount or a share.
pub(super) fn money_hint(error: &MoneyError) -> String {
    match error {
        MoneyError::UnknownCurrency { .. } | MoneyError::CurrencyWithoutMinorUnit { .. } => {
            "write the currency as three capital letters: CNY, EUR, USD"
        }
        MoneyError::TooManyDecimals { .. } => {
            "round it to what the currency has: 49.00 CNY, 4900 JPY"
        }
        MoneyError::SharesFallShort { .. } => {
            "add a creator for what is missing, or enlarge a share"
        }
        MoneyError::SharesExceedWhole { .. } => "make a share smaller",
        MoneyError::TextTooLong { .. }
        | MoneyError::CurrencyMismatch { .. }
        | MoneyError::MalformedAmount { .. }
        | MoneyError::AmountWithoutCurrency { .. }
        | MoneyError::AmountTextOutOfRange { .. }
        | MoneyError::AmountOutOfRange { .. }
        | MoneyError::MalformedFraction { .. }
        | MoneyError::FractionTextOutOfRange { .. }
        | MoneyError::FractionOutOfRange { .. }
        | MoneyError::ZeroDenominator { .. }
        | MoneyError::DivisionByZero { .. }
        | MoneyError::FractionOverflow { .. }
        | MoneyError::ShareOutOfRange { .. }
        | MoneyError::RateOutOfRange { .. }
        | MoneyError::NegativeWeight { .. }
        | MoneyError::NoPositiveWeight { .. }
        | MoneyError::WeightsOutOfRange { .. }
        | MoneyError::UnknownRounding { .. }
        | MoneyError::UnknownSplitRule { .. } => "write amounts as 49.00, and shares as 1/3 or 1",
    }
    .to_owned()
}

/// The message of an error of a key, with what lies below it.
pub(super) fn key_message(error: &KeyError) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

/// The way out of an error of a key.
pub(super) fn key_hint(error: &KeyError) -> String {
    let hint = match error {
        KeyError::Missing { .. } => {
            "name the key with `--key`, or the directory of keys with `--keys`; `deedbook key list` shows what is there"
        }
        KeyError::NotOurs { .. } => {
            "run the command as that user, or copy the key to a file of your own"
        }
        KeyError::NotAFile { .. } | KeyError::TooLarge { .. } => "name the file of the private key",
        KeyError::NotADirectory { .. } => "name a directory with `--keys`",
        KeyError::NotAccepted { .. } => "make a new key with `deedbook key new`",
        KeyError::WrongPassphrase { .. } => {
            "try again; nothing can open the key without its passphrase"
        }
        KeyError::PassphraseNeeded { .. } => {
            "run the command in a terminal, or set $DEEDBOOK_PASSPHRASE"
        }
        KeyError::EmptyPassphrase => "leave out `--passphrase` for a key without one",
        KeyError::Name { .. } => "choose a name such as `wen-laptop`",
        KeyError::Comment { .. } => "shorten it",
        KeyError::NoRandomness | KeyError::Encoding => "try again on another machine",
        KeyError::Io { .. } => "check who may read and write there, and that the disk has room",
        KeyError::AlreadyExists { .. }
        | KeyError::LoosePermissions { .. }
        | KeyError::NotAKey { .. }
        | KeyError::UnsupportedAlgorithm { .. }
        | KeyError::UnsupportedCipher { .. }
        | KeyError::TooManyRounds { .. } => return error.hint().unwrap_or_default(),
    };
    hint.to_owned()
}

/// The code of an error of a witness.
pub(super) const fn of_witness(error: &WitnessError) -> &'static str {
    match error {
        WitnessError::File { .. } => "witness_state",
        WitnessError::StateDamaged { .. } => "witness_state_damaged",
        WitnessError::Clock { .. } => "clock",
        WitnessError::Listen { .. } => "listen",
        WitnessError::Start { .. } => "server",
    }
}

/// The way out of an error of a witness.
pub(super) const fn witness_hint(error: &WitnessError) -> &'static str {
    match error {
        WitnessError::File { .. } => {
            "check who may read and write there, and that the disk has room"
        }
        WitnessError::StateDamaged { .. } => {
            "a witness keeps its key, its name and its directory together: give those that belong \
             to each other; where the memory is lost, go on under a new key and name"
        }
        WitnessError::Clock { .. } => "set the clock of this machine",
        WitnessError::Listen { .. } => "name another address or port with `--listen`",
        WitnessError::Start { .. } => "try again when the machine has room",
    }
}

/// The code of an error of the vault.
pub(super) fn of_vault(error: &VaultError) -> &'static str {
    match error {
        VaultError::OpeningTooLarge { .. } => "prompt_too_large",
        VaultError::OpeningDoesNotMatch { .. } => "opening_differs",
        VaultError::Damaged { .. } => "vault_damaged",
        VaultError::Version { .. } => "vault_version",
        VaultError::LoosePermissions { .. } => "vault_permissions",
        VaultError::NotOurs { .. } => "vault_not_ours",
        VaultError::NotAFile { .. } => "vault_not_a_file",
        VaultError::Encoding | VaultError::Io { .. } => "vault_file",
    }
}

/// The way out of an error of the vault.
pub(super) fn vault_hint(error: &VaultError) -> String {
    error.hint().unwrap_or_else(|| {
        match error {
            VaultError::OpeningTooLarge { .. } => {
                "shorten the prompt, or register it as a file of the work"
            }
            VaultError::NotOurs { .. } => {
                "run the command as that user, or name another vault with `--vault`"
            }
            VaultError::NotAFile { .. } => "name another vault with `--vault`",
            VaultError::OpeningDoesNotMatch { .. }
            | VaultError::Damaged { .. }
            | VaultError::Version { .. }
            | VaultError::LoosePermissions { .. }
            | VaultError::Encoding
            | VaultError::Io { .. } => {
                "check who may read and write there, and that the disk has room"
            }
        }
        .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Integrity;

    #[test]
    fn a_replaced_ledger_has_another_way_out_than_a_damaged_one() {
        let rolled_back = Flaw::RolledBack { found: 3, needed: 5 };
        let hint = ledger_hint(&Integrity::whole(rolled_back).into());
        assert!(hint.contains("head accept"), "{hint}");
        let hint = ledger_hint(&Integrity::of(3, Flaw::Signature).into());
        assert!(hint.contains("put back a copy"), "{hint}");
    }

    #[test]
    fn shares_that_fall_short_name_the_way_out() {
        let half = "1/2".parse().unwrap();
        let error = crate::money::Share::sum_to_one([half]).unwrap_err();
        assert_eq!(of_money(&error), "shares");
        assert!(money_hint(&error).contains("add a creator"));
    }

    #[test]
    fn every_key_error_has_a_way_out() {
        let path = || std::path::PathBuf::from("wen");
        for error in [
            KeyError::Missing { path: path() },
            KeyError::AlreadyExists { path: path() },
            KeyError::NotAKey { path: path() },
            KeyError::WrongPassphrase { path: path() },
            KeyError::PassphraseNeeded { path: path() },
            KeyError::EmptyPassphrase,
        ] {
            assert!(!key_hint(&error).is_empty(), "{error:?}");
        }
    }
}
