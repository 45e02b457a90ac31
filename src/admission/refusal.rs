//! Refusals: the closed set of rules that a statement can break, each with the way out.

use crate::money::{Amount, Currency, Fraction, MoneyError};
use crate::record::{
    CountryCode, DecimalRate, EntryNumber, Handle, Kind, Period, RecordId, Reference, Role, Slug,
    Territory, Thumbprint, Timestamp,
};
use crate::royalty::RoyaltyError;
use crate::title::TitleError;
use std::{error::Error, fmt};

/// Defines the refusals: fields, stable code, message and hint of each in one place.
macro_rules! refusals {
    ($(
        $(#[$doc:meta])*
        $variant:ident { $($field:ident: $type:ty),* $(,)? } = $code:literal,
        $message:literal, $hint:literal;
    )+) => {
        /// Why a statement may not enter the ledger. The order is that of precedence: where a
        /// statement breaks several rules, the first of them is named.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "the message of each variant says what its fields are")]
        pub enum Refusal {
            $($(#[$doc])* $variant { $($field: $type),* }),+
        }

        impl Refusal {
            /// Every code.
            pub const CODES: &[&str] = &[$($code),+];

            /// The stable name of the rule, for programs.
            pub const fn code(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $code),+
                }
            }

            /// The way out.
            #[expect(unused_variables, reason = "not every hint needs every field")]
            pub fn hint(&self) -> String {
                match self {
                    $(Self::$variant { $($field),* } => format!($hint)),+
                }
            }
        }

        impl fmt::Display for Refusal {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$variant { $($field),* } => write!(f, $message)),+
                }
            }
        }
    };
}

refusals! {
    /// The first entry of a ledger is its own opening.
    NotOpened { found: Kind } = "ledger_not_opened",
        "entry #0 must open the ledger, this is a `{found}`",
        "create the ledger with `deedbook init`";
    /// There is one opening.
    AlreadyOpened {} = "ledger_already_opened",
        "the ledger is already open, it has its opening at #0",
        "submit this statement to the ledger that it opens";
    /// The ledger's opening is signed by the key and in the name that it gives.
    OpeningSigner { kid: Thumbprint, issuer: String } = "opening_signer",
        "the opening is signed by key {kid} as `{issuer}`, must be by the key and as the origin in it",
        "sign the opening with the ledger's own key, as its origin";
    /// Nobody signs in the future.
    SignedInFuture { issued_at: Timestamp, registered_at: Timestamp } = "signed_in_future",
        "the statement says it was signed at {issued_at}, after the ledger's clock at {registered_at}",
        "set the clock of the machine that signs";
    /// A fact of the future is not a fact.
    EffectiveInFuture { effective_at: Timestamp, registered_at: Timestamp } = "effective_in_future",
        "the fact takes effect at {effective_at}, more than a day after now, {registered_at}",
        "record it on the day it takes effect";
    /// The key belongs to nobody here.
    UnknownKey { kid: Thumbprint } = "unknown_key",
        "no party of this ledger has the key {kid}",
        "enrol its holder with `deedbook party add`, or add the key with `deedbook key add`";
    /// The key was revoked.
    KeyRevoked { kid: Thumbprint, party: Handle, revoked_by: EntryNumber } = "key_revoked",
        "key {kid} of `{party}` was revoked by {revoked_by}",
        "sign with a key of `{party}` that is not revoked: `deedbook key list {party}` shows them";
    /// The issuer named in the header is not the holder of the key.
    IssuerDiffers { issuer: String, party: Handle } = "issuer_differs",
        "the statement says it is by `{issuer}`, its key is of `{party}`",
        "sign as `{party}`, or with a key of `{issuer}`";
    /// Handles are unique.
    HandleTaken { handle: Handle, entry: EntryNumber } = "handle_taken",
        "handle `{handle}` is taken by the party of {entry}",
        "choose another handle";
    /// A key belongs to one party.
    KeyInUse { kid: Thumbprint, party: Handle } = "key_in_use",
        "key {kid} is already a key of `{party}`",
        "use another key";
    /// Only the holder of a key can add it.
    PossessionUnproven { kid: Thumbprint } = "possession_unproven",
        "the proof that the signer holds key {kid} does not verify",
        "add a key with `deedbook key add`, which makes the proof with the private key";
    /// A key is revoked by its own party.
    KeyOfOther { kid: Thumbprint, party: Handle, signer: Handle } = "key_of_other",
        "key {kid} is of `{party}`, `{signer}` cannot revoke it",
        "sign as `{party}`";
    /// A key is revoked once.
    KeyAlreadyRevoked { kid: Thumbprint, entry: EntryNumber } = "key_already_revoked",
        "key {kid} was already revoked by {entry}",
        "nothing is left to do";
    /// A party without a key could never speak again.
    LastKey { kid: Thumbprint, party: Handle } = "last_key",
        "key {kid} is the last key of `{party}`",
        "add another key first with `deedbook key add`";
    /// A reference to a statement that is not here.
    UnknownReference { id: RecordId, needed: Kind } = "unknown_reference",
        "no entry of this ledger has the identifier {id}, a `{needed}` is needed",
        "submit the statement that it names first";
    /// A reference to a statement of another kind.
    WrongKind { entry: EntryNumber, found: Kind, needed: Kind } = "wrong_kind",
        "{entry} is a `{found}`, a `{needed}` is needed",
        "name the `{needed}` instead; `deedbook list entries` shows them";
    /// The party lacks the role.
    RoleMissing { party: Handle, needed: Role } = "role_missing",
        "`{party}` is not enrolled as {needed}",
        "enrol a party with `--role {needed}`";
    /// The arbiter of terms is not a party here.
    UnknownArbiter { handle: Handle } = "unknown_arbiter",
        "no party has the handle `{handle}`, which the terms name as arbiter",
        "enrol the arbiter first: `deedbook party add {handle} --role arbiter`";
    /// Versions count up by one.
    VersionNotNext { slug: Slug, found: u32, needed: u32 } = "version_not_next",
        "version {found} of `{slug}` does not follow, version {needed} is next",
        "publish it as version {needed}";
    /// A text named by digest was not handed in.
    DocumentMissing { digest: String } = "document_missing",
        "the text with digest {digest} was not handed in",
        "submit the statement together with the text: `deedbook submit FILE --text FILE`";
    /// Only the provider withdraws its terms.
    TermsOfOther { provider: Handle, signer: Handle } = "terms_of_other",
        "the terms are of `{provider}`, `{signer}` cannot withdraw them",
        "sign as `{provider}`";
    /// Terms are withdrawn once.
    AlreadyWithdrawn { at: Timestamp } = "already_withdrawn",
        "the terms are already withdrawn as of {at}",
        "nothing is left to do";
    /// A withdrawal cannot undo the past.
    WithdrawalBackdated { effective_at: Timestamp, registered_at: Timestamp } = "withdrawal_backdated",
        "the withdrawal would take effect at {effective_at}, before the day of its registration, {registered_at}",
        "withdraw as of today or a later day";
    /// Nobody contracts with itself.
    ContractWithSelf { party: Handle } = "contract_with_self",
        "`{party}` published these terms and cannot accept them",
        "accept them as the party that uses the service";
    /// The terms are not yet in force.
    TermsNotYet { effective_at: Timestamp, from: Timestamp } = "terms_not_yet",
        "the acceptance takes effect at {effective_at}, the terms are in force from {from}",
        "accept them from that moment on";
    /// The terms have expired.
    TermsExpired { at: Timestamp, expired_at: Timestamp } = "terms_expired",
        "the terms expired at {expired_at}, the acceptance is of {at}",
        "accept a version in force: `deedbook list terms` shows them";
    /// The terms were withdrawn.
    TermsWithdrawn { at: Timestamp, withdrawn_at: Timestamp } = "terms_withdrawn",
        "the terms were withdrawn as of {withdrawn_at}, the acceptance is of {at}",
        "accept a version in force: `deedbook list terms` shows them";
    /// A version is accepted once.
    ContractExists { contract: EntryNumber } = "contract_exists",
        "the party has already accepted these terms, the contract is {contract}",
        "use the contract {contract}";
    /// What goes on goes on under the contract that was made first.
    NamesAmendment { amendment: EntryNumber, contract: EntryNumber } = "names_amendment",
        "{amendment} amends contract {contract} and has no account of its own",
        "name contract {contract} instead";
    /// A fee moves title; the fee of a work is that of its contract.
    AmendmentOfFee { contract: EntryNumber } = "amendment_of_fee",
        "contract {contract} asks for a fee, which no later version changes",
        "accept the version without `--amends`, as a contract of its own";
    /// What one account runs on, and what moves title, stays.
    AmendmentChanges { contract: EntryNumber, what: &'static str } = "amendment_changes",
        "contract {contract} must keep {what}, which the version changes",
        "accept the version without `--amends`, as a contract of its own";
    /// The text that was shown is not a text of the terms.
    NoticeDiffers { digest: String, language: String } = "notice_differs",
        "the text shown, {digest} in `{language}`, is not a text of the terms",
        "show the text that `deedbook terms text` prints";
    /// Each material clause has to be acknowledged.
    NotAcknowledged { clause: String } = "not_acknowledged",
        "the material clause `{clause}` is not acknowledged, or out of its order",
        "acknowledge every clause, in the order of the terms";
    /// The signer is not a creator.
    SignerNotCreator { signer: Handle } = "signer_not_creator",
        "`{signer}` registers the work but is not among its creators",
        "sign as one of the creators";
    /// Works are made under the signer's own contract.
    ContractOfOther { contract: EntryNumber, party: Handle, signer: Handle } = "contract_of_other",
        "contract {contract} is of `{party}`, `{signer}` cannot use it",
        "sign as `{party}`, or name a contract of `{signer}`";
    /// The cause comes before the consequence.
    BeforeCause { effective_at: Timestamp, cause: EntryNumber, cause_at: Timestamp } = "before_cause",
        "the fact takes effect at {effective_at}, before {cause} on which it rests, at {cause_at}",
        "give a day that is not before that, with `--on`";
    /// A party registers a content once.
    WorkExists { work: EntryNumber, digest: String } = "work_exists",
        "this party has already registered the content {digest} as {work}",
        "use the work {work}";
    /// The signer has no part in the split.
    NotACreator { work: EntryNumber, party: Handle } = "not_a_creator",
        "`{party}` is not a creator of {work}",
        "the creators sign the split; `deedbook show {work}` lists them";
    /// The split is signed once by each.
    SplitAlreadyAgreed { work: EntryNumber, party: Handle } = "split_already_agreed",
        "`{party}` has already signed the split of {work}",
        "nothing is left to do";
    /// A creator or the contract's party pays.
    PayerNotBound { payer: Handle, contract: EntryNumber } = "payer_not_bound",
        "`{payer}` owes nothing under contract {contract}",
        "the party of the contract or a creator of the work reports the payment";
    /// The work was made under another contract.
    WorkOfOtherContract { work: EntryNumber, contract: EntryNumber } = "work_of_other_contract",
        "{work} was not made under contract {contract}",
        "name a work of that contract";
    /// A fee for each work is paid for a work.
    PaymentNamesNoWork { contract: EntryNumber } = "payment_names_no_work",
        "under contract {contract} each work has its own fee, and the payment names no work",
        "name the work that is paid for";
    /// A fee for the whole contract is not paid for one work.
    PaymentNamesWork { contract: EntryNumber } = "payment_names_work",
        "under contract {contract} one fee covers every work, and the payment names one",
        "name the contract instead";
    /// A line of account is of the term of the contract.
    OutsideTerm { on: Timestamp, term: Period } = "outside_term",
        "a line is dated {on}, must be of the term of the contract, {term}",
        "correct the date, or report it under the contract that was in force";
    /// The terms are for a territory.
    OutsideTerritory { found: CountryCode, territory: Territory } = "outside_territory",
        "a line is from {found}, must be from the territory of the terms, {territory}",
        "correct the country, or report it under a contract for that country";
    /// The terms name the kinds of revenue that count.
    RevenueNotCounted { category: String } = "revenue_not_counted",
        "revenue of category `{category}` is not accounted for under the terms",
        "use a category that the terms name: `deedbook terms text` shows them";
    /// Another currency needs a published rate.
    NoExchangeRate { base: Currency, quote: Currency, day: String } = "no_exchange_rate",
        "no rate of {base} in {quote} is published for {day}",
        "have the provider publish it with `deedbook rate`, or report the amount in {quote}";
    /// The contract settles in another currency.
    CurrencyDiffers { found: Currency, needed: Currency } = "currency_differs",
        "the amount is in {found}, the contract settles in {needed}",
        "give the amount in {needed}";
    /// The reference stands for something else already.
    ReferenceUsed { reference: Reference, what: &'static str, amount: Amount, entry: EntryNumber } = "reference_used",
        "reference `{reference}` already stands for the {what} of {amount} in {entry}",
        "give each payment and line a reference of its own";
    /// A report names each of its lines differently.
    ReferenceTwice { reference: Reference } = "reference_twice",
        "two lines of the account have the reference `{reference}`",
        "give each payment and line a reference of its own";
    /// The payee confirms.
    NotThePayee { signer: Handle, payee: Handle } = "not_the_payee",
        "`{signer}` cannot confirm a payment to `{payee}`",
        "sign as `{payee}`";
    /// A payment is confirmed once.
    AlreadyConfirmed { payment: EntryNumber, entry: EntryNumber } = "already_confirmed",
        "payment {payment} was already confirmed by {entry}",
        "nothing is left to do";
    /// A fee has no accounts.
    NotProfitShare { contract: EntryNumber } = "not_profit_share",
        "contract {contract} asks for a fee, it has no accounts",
        "report accounts under a profit-share contract";
    /// The party of the contract owes the accounts.
    AccountsOfOther { signer: Handle, party: Handle } = "accounts_of_other",
        "`{party}` owes these accounts, `{signer}` cannot report them",
        "sign as `{party}`";
    /// An advance is recouped from a share.
    AdvanceUnderFee { contract: EntryNumber } = "advance_under_fee",
        "contract {contract} asks for a fee, from which no advance is recouped",
        "report the payment without a purpose: part of a fee may be paid early";
    /// What somebody has already, it is not paid.
    PaymentToSelf { payer: Handle } = "payment_to_self",
        "`{payer}` would pay a part of the proceeds to itself",
        "name another holder with `--to`: who reports the accounts has its own part already";
    /// What comes in for a work comes in to those who hold it.
    ProceedsOfOther { party: Handle, work: EntryNumber } = "proceeds_of_other",
        "`{party}` never held a share of {work}, and has nothing of what came in for it",
        "have a holder report it: `deedbook owner {work}` shows who holds what";
    /// What a share of profit is owed of is in the account of its contract.
    AccountOfContract { work: EntryNumber, contract: EntryNumber } = "account_of_contract",
        "{work} was made under contract {contract}, by a share of profit, which has its account",
        "report the line under contract {contract}";
    /// Who received pays back.
    RefundByOther { signer: Handle, provider: Handle } = "refund_by_other",
        "`{provider}` received what is paid under the contract, `{signer}` cannot pay it back",
        "sign as `{provider}`";
    /// Nobody pays back more than arrived.
    RefundExceeds { refund: Amount, paid: Amount } = "refund_exceeds",
        "{refund} would be paid back, {paid} was received and not yet paid back",
        "pay back at most {paid}";
    /// A reference to a line that is not here.
    UnknownLine { reference: Reference, contract: EntryNumber } = "unknown_line",
        "no line of the account of {contract} has the reference `{reference}`",
        "name the reference with which the line was reported: `deedbook show` lists them";
    /// A line is reversed once.
    AlreadyReversed { reference: Reference, entry: EntryNumber } = "already_reversed",
        "the line with reference `{reference}` was already reversed by {entry}",
        "correct the line that stands instead of it, if that is wrong too";
    /// A party outside the contract.
    NotASide { signer: Handle, contract: EntryNumber } = "not_a_side",
        "`{signer}` is neither side of contract {contract}",
        "sign as the party of the contract or as the provider of its terms";
    /// The other side agrees.
    NotTheOtherSide { signer: Handle, needed: Handle } = "not_the_other_side",
        "`{signer}` cannot agree to this opening balance, the other side is `{needed}`",
        "have `{needed}` agree";
    /// Accounts open once.
    OpeningExists { contract: EntryNumber, entry: EntryNumber } = "opening_exists",
        "the opening balance of contract {contract} was agreed in {entry}",
        "report lines of account; a balance that was agreed stands";
    /// What an opening balance covers is not reported line by line.
    OpeningAfterLines { effective_at: Timestamp, first_on: Timestamp } = "opening_after_lines",
        "the opening balance is as of {effective_at}, and lines are reported from {first_on} on",
        "state the balance as of the first of these lines or earlier";
    /// A statement is of a period by which the terms settle.
    NotAPeriod { starts_at: Timestamp, ends_at: Timestamp } = "not_a_period",
        "the terms do not settle from {starts_at} to {ends_at}",
        "close a period of the terms, such as `--period 2026-Q1`";
    /// A period is closed when it is over.
    PeriodNotOver { ends_at: Timestamp, effective_at: Timestamp } = "period_not_over",
        "the period ends at {ends_at}, the statement is closed at {effective_at}",
        "close the statement after the end of the period";
    /// A closed statement stands.
    StatementExists { contract: EntryNumber, entry: EntryNumber } = "statement_exists",
        "the statement of this period of contract {contract} was closed in {entry}",
        "what became known later is a true-up in the next statement";
    /// The other side answers.
    StatementForOther { signer: Handle, needed: Handle } = "statement_for_other",
        "`{signer}` cannot answer this statement, it is for `{needed}`",
        "have `{needed}` accept or dispute it";
    /// A statement is answered once.
    StatementAnswered { statement: EntryNumber, entry: EntryNumber } = "statement_answered",
        "statement {statement} was already answered in {entry}",
        "nothing is left to do; a disputed statement may be closed anew";
    /// Two rates for one day.
    RateDiffers { found: DecimalRate, recorded: DecimalRate, entry: EntryNumber } = "rate_differs",
        "the rate is {found}, the same publisher gave {recorded} for this pair and day in {entry}",
        "a published rate stands; have another party publish the other one with its source";
    /// The terms do not allow the deduction.
    CategoryNotAllowed { category: String, allowed: String } = "category_not_allowed",
        "expenses of category `{category}` are not deductible under the terms, which allow {allowed}",
        "use a category that the terms allow; other expenses do not bear on the account";
    /// The title does not allow it.
    Title { error: TitleError, party: Handle } = "title",
        "`{party}`: {error}",
        "`deedbook owner` shows who holds what";
    /// The assignor holds less.
    NotHeld { party: Handle, wanted: Fraction, held: Fraction, scope: String } = "not_held",
        "`{party}` holds {held} of the work for {scope}, and cannot assign {wanted} of it",
        "assign at most what `deedbook owner` shows";
    /// Whoever holds the rights licenses them.
    NothingToLicense { party: Handle, work: EntryNumber, scope: String } = "nothing_to_license",
        "`{party}` holds no share of {work} for {scope}, and cannot license it",
        "`deedbook owner {work}` shows who holds what";
    /// A version is by those who made the work.
    VersionByOthers { work: EntryNumber } = "version_by_others",
        "none of the creators made {work}, of which this would be a later version",
        "say what was done with it instead, such as `edit={work}`; or have a creator of {work} among the creators";
    /// A reference stands for one output.
    AttestedDifferently { reference: Reference, what: &'static str, entry: EntryNumber } = "attested_differently",
        "the output with reference `{reference}` is attested in {entry} with another {what}",
        "give each output a reference of its own; an attestation that was recorded stands";
    /// An attestation is recorded once.
    AttestedBefore { reference: Reference, entry: EntryNumber } = "attested_before",
        "the output with reference `{reference}` is attested in {entry} already, others of the statement are not",
        "leave it out, as `deedbook attest --log` does";
    /// A label names a work on the word of those who have to do with it.
    LabelOfOther { party: Handle, work: EntryNumber } = "label_of_other",
        "`{party}` is neither a creator nor a holder of {work}, nor the provider under whose terms it was made",
        "label the file without naming a work, or have one of them do it";
    /// A licence is of one work.
    LicenceOfOther { licence: EntryNumber, work: EntryNumber, needed: EntryNumber } = "licence_of_other",
        "licence {licence} is of {work}, a licence of {needed} is needed",
        "name a licence of {needed}: `deedbook history {needed}` shows them";
    /// A licence for one party is of no use to others.
    LicenceForOther { licence: EntryNumber, licensee: Handle } = "licence_for_other",
        "licence {licence} is for `{licensee}`, who is not among the creators of the work",
        "name a licence for one of the creators, or for anybody";
    /// A licence ends.
    LicenceEnded { licence: EntryNumber, until: Timestamp, effective_at: Timestamp } = "licence_ended",
        "licence {licence} allows works made before {until}, this one was made at {effective_at}",
        "have the holder grant another licence";
    /// The shares in a work never exceed the whole.
    DerivationShares { work: EntryNumber, found: Fraction } = "derivation_shares",
        "of each payment for {work} the works that it derives from would take {found}, must be at most 1",
        "name licences that take less";
    /// A person has to be able to follow what is owed.
    TooManyAncestors { found: usize, max: usize } = "too_many_ancestors",
        "the work derives from {found} works, directly or not, must be at most {max}",
        "register it without the works that lie farthest back";
    /// Shares that exact figures cannot represent.
    Derivation { error: Box<RoyaltyError> } = "derivation",
        "{error}",
        "name licences with simpler rates";
    /// A session is of who started it.
    SessionOfOther { session: EntryNumber, party: Handle, signer: Handle } = "session_of_other",
        "session {session} is of `{party}`, `{signer}` cannot add to it",
        "sign as `{party}`, or start a session with `deedbook session start`";
    /// What is over is not added to.
    SessionOver { session: EntryNumber, entry: EntryNumber } = "session_over",
        "session {session} was stopped in {entry}",
        "start another session with `deedbook session start`";
    /// A step is told when it has happened.
    StepInFuture { at: Timestamp, registered_at: Timestamp } = "step_in_future",
        "a step is of {at}, after the ledger's clock at {registered_at}",
        "set the clock of the machine on which the step was made";
    /// A file comes out of a session once.
    OutputRecorded { digest: String, entry: EntryNumber } = "output_recorded",
        "the file {digest} came out of the session already, in {entry}",
        "nothing is left to do: a file is recorded once";
    /// Only what came out of a session is rejected or selected in it.
    NoOutput { digest: String, session: EntryNumber } = "no_output",
        "the file {digest} did not come out of session {session}",
        "record it first, with `deedbook session generated` or `deedbook session edit`";
    /// One account has one set of clauses.
    PoolDiffers { name: Slug, contract: EntryNumber } = "pool_differs",
        "the pool `{name}` is accounted for by the clauses of contract {contract}, the terms have others",
        "accept terms whose clauses of profit are the same, or that name another pool";
    /// The account of a pool is that of the contract that named it first.
    PoolOfOther { contract: EntryNumber, first: EntryNumber } = "pool_of_other",
        "contract {contract} is accounted for together with contract {first}, which has the account",
        "name contract {first} instead";
    /// A co-creator has yet to sign.
    SplitUnsigned { unsigned: String } = "split_unsigned",
        "the split is not signed by {unsigned}, and nobody can dispose of a share before",
        "have each of them run `deedbook agree WORK`, which counts from then on";
    /// An amount that cannot be represented.
    Money { error: MoneyError } = "amount",
        "{error}",
        "check the amount";
}

impl Error for Refusal {}
