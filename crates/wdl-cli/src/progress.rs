//! Progress of long work on standard error: a bar on a terminal, a line for each step elsewhere.

use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Shows how far a piece of work is.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    is_quiet: bool,
}

impl Progress {
    /// Progress on standard error; `is_quiet` for answers that programs read.
    pub(crate) fn new(is_quiet: bool) -> Progress {
        let is_shown = std::io::stderr().is_terminal() && !is_quiet;
        let bar = is_shown.then(|| {
            let bar = ProgressBar::new(0);
            bar.set_style(
                ProgressStyle::with_template("{bar:24} {pos}/{len} {msg}")
                    .unwrap_or_else(|_| ProgressStyle::default_bar()),
            );
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        Progress { bar, is_quiet }
    }

    /// A new stage of the work.
    pub(crate) fn stage(&self, words: &str) {
        match &self.bar {
            Some(bar) => bar.println(words),
            None if self.is_quiet => {}
            None => eprintln!("{words}"),
        }
    }

    /// So many of so many.
    pub(crate) fn at(&self, done: usize, of: usize, words: &str) {
        if let Some(bar) = &self.bar {
            bar.set_length(of as u64);
            bar.set_position(done as u64);
            bar.set_message(words.to_owned());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
