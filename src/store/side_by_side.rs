//! Readers side by side: one question about many things, each part of them asked by a thread of its
//! own that sees the same log. Never answers from another state of the log than the one asked.

use super::{Access, Head, Reader, Store, StoreError};
use std::num::NonZero;
use std::path::Path;
use std::thread::Builder;

/// Pages that each further connection keeps: a part is gone through once.
const CACHE_SIZE_KIB: u16 = 1024;

impl Reader<'_> {
    /// Hands `items` to `answer` in parts, each with a reader that sees the same log as this one, and
    /// gives the answers in the order of the parts. There are as many parts as cores, but none of
    /// fewer than `least` items, since opening the file once more costs as much as some questions;
    /// few items stay in one part. A part whose thread cannot be started, or finds that others have
    /// appended meanwhile, is answered by this reader, after its own.
    ///
    /// ```no_run
    /// use deedbook::record::EntryNumber;
    /// use deedbook::store::{Access, Store, StoreError};
    ///
    /// let store = Store::open("deedbook.db", Access::ReadOnly)?;
    /// let reader = store.read()?;
    /// let entries: Vec<_> = (0..reader.size()?).map(EntryNumber::new).collect();
    /// let sizes = reader.side_by_side(&entries, 1000, |reader, part| {
    ///     part.iter().try_fold(0, |sum, entry| {
    ///         Ok::<_, StoreError>(sum + reader.statement(*entry)?.as_bytes().len())
    ///     })
    /// })?;
    /// println!("{} bytes of statements", sizes.iter().sum::<usize>());
    /// # Ok::<(), StoreError>(())
    /// ```
    ///
    /// # Errors
    /// That of the first part that has one.
    pub fn side_by_side<T: Sync, R: Send, E: From<StoreError> + Send>(
        &self,
        items: &[T],
        least: usize,
        answer: impl Fn(&Reader<'_>, &[T]) -> Result<R, E> + Sync,
    ) -> Result<Vec<R>, E> {
        let most = items.len() / least.max(1);
        // What a writer has added, no other connection sees. How many cores there are costs as much
        // to ask as the answer about one contract.
        let parts = match most {
            0 | 1 => 1,
            _ if self.within_writer => 1,
            _ => std::thread::available_parallelism().map_or(1, NonZero::get).min(most),
        };
        if parts == 1 {
            return Ok(vec![answer(self, items)?]);
        }
        let mut parts = items.chunks(items.len().div_ceil(parts));
        let own = parts.next().unwrap_or_default();
        let (path, head) = (self.store.path(), self.head()?);
        std::thread::scope(|scope| {
            let (head, answer) = (&head, &answer);
            let start = |part| {
                // A machine that has no thread to give leaves the part to this one.
                Builder::new().spawn_scoped(scope, move || elsewhere(path, head, part, answer)).ok()
            };
            let others: Vec<_> = parts.map(|part| (part, start(part))).collect();
            let mut answers = vec![answer(self, own)?];
            for (part, other) in others {
                let other = other.and_then(|other| {
                    other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
                });
                answers.push(other.unwrap_or_else(|| answer(self, part))?);
            }
            Ok(answers)
        })
    }
}

/// The answer of another connection, where it can be opened and its log ends as this one does: the
/// head is over every entry before it.
fn elsewhere<T, R, E: From<StoreError>>(
    path: &Path,
    head: &Head,
    part: &[T],
    answer: impl Fn(&Reader<'_>, &[T]) -> Result<R, E>,
) -> Option<Result<R, E>> {
    let store = Store::open(path, Access::ReadOnly).ok()?;
    store.limit_pages(CACHE_SIZE_KIB).ok()?;
    let reader = store.read().ok()?;
    (reader.head().ok()? == *head).then(|| answer(&reader, part))
}
