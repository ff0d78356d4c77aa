//! A progress bar on stderr, for a person who waits for a long capture.
//!
//! It appears after half a second, only on a terminal, and vanishes without a trace.

use std::{
    fmt,
    io::{self, IsTerminal as _, Read, Write as _},
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

/// How long a capture may take before the bar appears, and how often it then changes.
const PERIOD: Duration = Duration::from_millis(100);
const PATIENCE: Duration = Duration::from_millis(500);

/// Cells of the bar.
const CELLS: usize = 30;

/// Whether the bar is on the screen. One terminal, one bar.
static SHOWN: AtomicBool = AtomicBool::new(false);

/// Removes the bar, so that a line can be printed where it was. It comes back with the next data.
pub(crate) fn clear() {
    if SHOWN.swap(false, Ordering::Relaxed) {
        let _ = write!(io::stderr(), "\r\x1b[2K");
    }
}

/// Reads `inner` and shows how far it is.
pub(crate) struct Progress<R> {
    inner: R,
    read_bytes: u64,
    /// `None`: nobody watches, or nobody knows the end.
    total_bytes: Option<u64>,
    started: Instant,
    drawn: Instant,
}

impl<R: Read> Progress<R> {
    /// `total_bytes` is the size of `inner`; `None` shows nothing.
    pub(crate) fn new(inner: R, total_bytes: Option<u64>) -> Self {
        let now = Instant::now();
        let total_bytes = total_bytes.filter(|_| io::stderr().is_terminal());
        Self { inner, read_bytes: 0, total_bytes, started: now, drawn: now }
    }

    fn draw(&mut self, total_bytes: u64) {
        let now = Instant::now();
        if now - self.started < PATIENCE || now - self.drawn < PERIOD {
            return;
        }
        self.drawn = now;
        let line = bar(self.read_bytes, total_bytes, now - self.started);
        let _ = write!(io::stderr(), "\r\x1b[2K{line}");
        SHOWN.store(true, Ordering::Relaxed);
    }
}

impl<R: Read> Read for Progress<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.read_bytes += count as u64;
        if let Some(total_bytes) = self.total_bytes {
            self.draw(total_bytes);
        }
        Ok(count)
    }
}

impl<R> Drop for Progress<R> {
    fn drop(&mut self) {
        clear();
    }
}

impl<R> fmt::Debug for Progress<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Progress({} of {:?} bytes)", self.read_bytes, self.total_bytes)
    }
}

/// The bar as text. What is left is guessed from the speed so far.
fn bar(read_bytes: u64, total_bytes: u64, elapsed: Duration) -> String {
    let percent = (read_bytes.min(total_bytes) * 100).checked_div(total_bytes).unwrap_or(100);
    let cells = usize::try_from(percent).unwrap_or(100) * CELLS / 100;
    let left_s = match u128::from(read_bytes) {
        0 => 0,
        read => {
            elapsed.as_millis() * u128::from(total_bytes.saturating_sub(read_bytes)) / read / 1000
        }
    };
    format!("{percent:3} % [{:CELLS$}] about {left_s} s left", "#".repeat(cells))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(read_bytes: u64, total_bytes: u64, elapsed_s: u64, expected: &str) {
        assert_eq!(bar(read_bytes, total_bytes, Duration::from_secs(elapsed_s)), expected);
    }

    #[test]
    fn bar_grows_with_what_was_read() {
        check(0, 100, 1, "  0 % [                              ] about 0 s left");
        check(50, 100, 2, " 50 % [###############               ] about 2 s left");
        check(100, 100, 2, "100 % [##############################] about 0 s left");
    }

    #[test]
    fn sizes_that_changed_are_harmless() {
        check(200, 100, 1, "100 % [##############################] about 0 s left");
        check(5, 0, 1, "100 % [##############################] about 0 s left");
    }
}
