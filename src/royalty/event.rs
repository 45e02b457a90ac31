//! A dated line of account, as the engine takes it in.

use super::RoyaltyError;
use crate::money::Currency;
use crate::record::{Category, CountryCode, EntryNumber, LineKind, Timestamp};

/// Most categories of one account: sums are kept for each of them and each period.
pub const MAX_CATEGORIES: usize = 1000;

/// One line of account under a contract: money received, spent or given back.
///
/// The caller hands in each line once; lines are told apart by entry and place. Lines that share
/// everything but the amount may be handed in as one, with their number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// The entry that states it.
    pub entry: EntryNumber,
    /// When it happened.
    pub on: Timestamp,
    /// How much, in minor units of the currency; more than zero for every kind.
    pub minor: i64,
    /// How many units were sold, or given back; nothing where they are not counted.
    pub units: u64,
    /// In which currency.
    pub currency: Currency,
    /// The work that it is about, if it is about one.
    pub work: Option<EntryNumber>,
    /// The place of the line in the entry, from 0.
    pub line: u32,
    /// How many lines it stands for; 1 but where the caller has summed some.
    pub line_count: u32,
    /// Which kind of revenue or expense.
    pub category: CategoryPlace,
    /// Revenue, expense or refund.
    pub kind: LineKind,
    /// Where it happened, if that is stated.
    pub country: Option<CountryCode>,
}

/// The place of a category in [`Categories`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CategoryPlace(u16);

impl CategoryPlace {
    pub(super) fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// The categories of the events of an account, each once, so that an event names its own by a
/// number and the one loop over all events compares no texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Categories(Vec<Category>);

impl Categories {
    /// None yet.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The place of a category, which is added where it is new.
    ///
    /// # Errors
    /// [`RoyaltyError::TooManyCategories`] beyond [`MAX_CATEGORIES`].
    ///
    /// ```
    /// use deedbook::record::Category;
    /// use deedbook::royalty::Categories;
    ///
    /// let mut categories = Categories::new();
    /// let prints = categories.place(&Category::new("prints").unwrap());
    /// assert_eq!(categories.place(&Category::new("prints").unwrap()), prints);
    /// ```
    pub fn place(&mut self, category: &Category) -> Result<CategoryPlace, RoyaltyError> {
        let found = self.0.iter().position(|known| known == category);
        let index = found.unwrap_or(self.0.len());
        let too_many = RoyaltyError::TooManyCategories { max: MAX_CATEGORIES };
        if index >= MAX_CATEGORIES {
            return Err(too_many);
        }
        if found.is_none() {
            self.0.push(category.clone());
        }
        u16::try_from(index).map(CategoryPlace).map_err(|_| too_many)
    }

    /// The category at a place.
    pub fn name(&self, place: CategoryPlace) -> Option<&Category> {
        self.0.get(place.index())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Category> {
        self.0.iter()
    }
}
