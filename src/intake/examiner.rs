//! Many files, looked at by all cores and handed on in their order.

use super::{Examined, IntakeError};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;

/// Files that may be ahead of the one that is handed on next, for each core: while a long one is read, the
/// others go on, and what they found waits in memory.
const AHEAD: usize = 256;

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
    let next = AtomicUsize::new(0);
    let stopped = AtomicBool::new(false);
    let (out, results) = sync_channel(AHEAD * cores.max(1));
    std::thread::scope(|scope| {
        for _ in 0..cores {
            let out = out.clone();
            let (next, stopped) = (&next, &stopped);
            scope.spawn(move || {
                while !stopped.load(Ordering::Relaxed) {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some(path) = paths.get(place) else {
                        return;
                    };
                    if out.send((place, Examined::read(path))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(out);
        let mut waiting = BTreeMap::new();
        let mut due = 0;
        for (place, examined) in results {
            waiting.insert(place, examined);
            while let Some(examined) = waiting.remove(&due) {
                if let Err(error) = receive(due, examined) {
                    stopped.store(true, Ordering::Relaxed);
                    return Err(error);
                }
                due += 1;
            }
        }
        Ok(())
    })
}
