//! Many files, looked at by all cores and handed on in their order.

use super::{Examined, IntakeError};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::mpsc::channel;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Files that may be ahead of the one that is handed on next, for each core: while a long one is read, the
/// others go on, and what they found waits in memory, which is why there are not more.
const AHEAD: usize = 64;

/// Which file is looked at next, and how far that may be ahead of what was handed on.
struct Gate {
    places: Mutex<Places>,
    moved: Condvar,
    ahead: usize,
}

#[derive(Default)]
struct Places {
    next: usize,
    handed_on: usize,
    is_stopped: bool,
}

impl Gate {
    fn places(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next file below `count`, once it is near enough; none where there is no more to do.
    fn next(&self, count: usize) -> Option<usize> {
        let is_far = |places: &mut Places| {
            let is_done = places.is_stopped || places.next >= count;
            !is_done && places.next - places.handed_on >= self.ahead
        };
        let mut places = self.moved.wait_while(self.places(), is_far);
        let places = places.as_deref_mut().unwrap_or_else(|broken| broken.get_mut());
        if places.is_stopped || places.next >= count {
            return None;
        }
        places.next += 1;
        Some(places.next - 1)
    }

    fn hand_on(&self) {
        self.places().handed_on += 1;
        self.moved.notify_all();
    }
}

/// Sends everybody home when the receiver is done, however it ends: who waits at the gate would wait forever.
struct Closing<'a>(&'a Gate);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.places().is_stopped = true;
        self.0.moved.notify_all();
    }
}

/// Looks at files by as many threads as there are cores and hands on what each is, in the order of the
/// files, on the thread that asks. Where the receiver answers with an error, no further file is begun.
///
/// # Errors
/// The receiver's own.
///
/// ```
/// use deedbook::intake::{IntakeError, examine_all};
/// let directory = tempfile::tempdir()?;
/// let paths: Vec<_> = (0..20).map(|n| directory.path().join(n.to_string())).collect();
/// for path in &paths[1..] {
///     std::fs::write(path, path.as_os_str().as_encoded_bytes())?;
/// }
/// let mut found = Vec::new();
/// examine_all(&paths, |place, examined| {
///     found.push((place, examined.is_ok()));
///     Ok::<(), IntakeError>(())
/// })?;
/// assert_eq!(found, (0..20).map(|n| (n, n != 0)).collect::<Vec<_>>());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn examine_all<E>(
    paths: &[PathBuf],
    mut receive: impl FnMut(usize, Result<Examined, IntakeError>) -> Result<(), E>,
) -> Result<(), E> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from).min(paths.len());
    let gate =
        Gate { places: Mutex::default(), moved: Condvar::new(), ahead: AHEAD * cores.max(1) };
    // No more than the gate lets through is ever in it.
    let (out, results) = channel();
    std::thread::scope(|scope| {
        for _ in 0..cores {
            let (out, gate) = (out.clone(), &gate);
            scope.spawn(move || {
                while let Some(place) = gate.next(paths.len()) {
                    let examined = paths.get(place).map(|path| Examined::read(path));
                    if examined.is_none_or(|examined| out.send((place, examined)).is_err()) {
                        return;
                    }
                }
            });
        }
        drop(out);
        let _closing = Closing(&gate);
        let mut waiting = BTreeMap::new();
        let mut due = 0;
        for (place, examined) in results {
            waiting.insert(place, examined);
            while let Some(examined) = waiting.remove(&due) {
                receive(due, examined)?;
                due += 1;
                gate.hand_on();
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// However many there are, and however slow the first is.
    #[test]
    fn no_file_is_begun_far_ahead_of_what_was_handed_on() {
        let gate = Gate { places: Mutex::default(), moved: Condvar::new(), ahead: 8 };
        let (begun, farthest) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    while let Some(place) = gate.next(1000) {
                        farthest.fetch_max(place, Ordering::SeqCst);
                        begun.fetch_add(1, Ordering::SeqCst);
                    }
                });
            }
            let _closing = Closing(&gate);
            for handed_on in 0..992 {
                while begun.load(Ordering::SeqCst) < handed_on + 8 {
                    std::thread::yield_now();
                }
                assert_eq!(farthest.load(Ordering::SeqCst), handed_on + 7);
                gate.hand_on();
            }
            while begun.load(Ordering::SeqCst) < 1000 {
                std::thread::yield_now();
            }
        });
        assert_eq!((gate.next(1000), begun.into_inner()), (None, 1000));
    }

    /// A receiver that fails, or falls, leaves nobody waiting.
    #[test]
    fn nobody_waits_for_a_receiver_that_is_gone() {
        let directory = tempfile::tempdir().unwrap();
        let paths: Vec<_> = (0..1000).map(|n| directory.path().join(n.to_string())).collect();
        assert_eq!(examine_all(&paths, |place, _| Err(place)), Err(0));
        let fallen = std::panic::catch_unwind(|| {
            examine_all(&paths, |_, _| -> Result<(), ()> { panic!("fallen") })
        });
        assert!(fallen.is_err());
    }
}
