//! When a list of threads is cleaned of those that are gone.

/// Lengths up to which a list is cleaned exactly when libsinsp does it.
const SMALL: usize = 88;

/// Long lists are cleaned once this part of them may be gone.
const PART: usize = 8;

/// What has happened to a list since it was last cleaned.
///
/// libsinsp cleans as soon as some ten are gone, for lists of any length: the end of a process with
/// n threads takes n² / 20 steps, and n² / 2 after lost events made its counts wrong. Here a long list
/// waits until cleaning it costs each thread that went a few steps only.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cleaning {
    gone_since: usize,
}

impl Cleaning {
    /// One more is gone of a list of `len`, of which `alive` are counted as not gone; whether to clean
    /// it now, as libsinsp does from `threshold` gone ones on.
    #[must_use]
    pub(crate) fn is_due(&mut self, len: usize, alive: u64, threshold: u64) -> bool {
        self.gone_since = self.gone_since.saturating_add(1);
        let due = (len as u64).wrapping_sub(alive) >= threshold
            && (len <= SMALL || self.gone_since >= len / PART);
        if due {
            self.gone_since = 0;
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How often a list of `len` is cleaned while one after the other goes; each cleaned entry may cost
    /// `most_steps` entries looked at. `lost` more are counted as alive than are there.
    #[track_caller]
    fn check(len: usize, lost: u64, most_steps: usize) -> usize {
        let (mut cleaning, mut listed, mut cleanings, mut steps) = (Cleaning::default(), len, 0, 0);
        for left in (0..len).rev() {
            if cleaning.is_due(listed, left as u64 + lost, 11) {
                cleanings += 1;
                steps += listed;
                listed = left;
            }
        }
        assert!(steps <= most_steps * len, "{steps}");
        cleanings
    }

    #[test]
    fn short_lists_are_cleaned_as_in_libsinsp() {
        assert_eq!(check(80, 0, SMALL), 7);
        assert_eq!(check(80, 100, SMALL), 80);
    }

    #[test]
    fn long_lists_are_cleaned_in_linear_time() {
        check(262_144, 0, PART + 1);
        check(262_144, 300_000, PART + 1);
    }
}
