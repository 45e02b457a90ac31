//! A progress bar for long work, on a person's terminal only.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::Duration;

/// How often a bar without a known end moves.
const TICK: Duration = Duration::from_millis(120);

/// A bar on the standard error stream that counts things of one kind, gone when it is dropped.
pub(super) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar up to `total`, with the noun of what it counts: `entries`. Without a total it only shows
    /// that work goes on.
    pub(super) fn new(target: ProgressDrawTarget, noun: &'static str, total: Option<u64>) -> Self {
        let shown = !target.is_hidden();
        let bar = ProgressBar::with_draw_target(total, target);
        let template = match total {
            Some(_) => "{bar:32} {human_pos} of {human_len} {msg}, {eta} left",
            None => "{spinner} {msg}, {elapsed}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(noun);
        if total.is_none() && shown {
            bar.enable_steady_tick(TICK);
        }
        Self { bar }
    }

    /// How many are done.
    pub(super) fn at(&self, done: u64) {
        self.bar.set_position(done);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
