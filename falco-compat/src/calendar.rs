//! Times as text.

const NS_PER_SECOND: u64 = 1_000_000_000;
const SECONDS_PER_DAY: i64 = 86_400;

/// A time of day on a date, to the nanosecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DateTime {
    year: i64,
    month: u8,
    day: u8,
    second_of_day: i64,
    nanosecond: u64,
}

impl DateTime {
    /// `time_ns` after the Unix epoch, seen `utc_offset_s` east of Greenwich.
    pub(crate) fn new(time_ns: u64, utc_offset_s: i32) -> Self {
        let seconds = (time_ns / NS_PER_SECOND).cast_signed() + i64::from(utc_offset_s);
        let (year, month, day) = date(seconds.div_euclid(SECONDS_PER_DAY));
        let second_of_day = seconds.rem_euclid(SECONDS_PER_DAY);
        Self { year, month, day, second_of_day, nanosecond: time_ns % NS_PER_SECOND }
    }

    /// Appends `YYYY-MM-DD`.
    pub(crate) fn write_date(&self, out: &mut Vec<u8>) {
        write_padded(self.year.unsigned_abs(), 4, out);
        out.push(b'-');
        write_padded(u64::from(self.month), 2, out);
        out.push(b'-');
        write_padded(u64::from(self.day), 2, out);
    }

    /// Appends `HH:MM:SS`.
    pub(crate) fn write_time(&self, out: &mut Vec<u8>) {
        let second = self.second_of_day.unsigned_abs();
        write_padded(second / 3600, 2, out);
        out.push(b':');
        write_padded(second / 60 % 60, 2, out);
        out.push(b':');
        write_padded(second % 60, 2, out);
    }

    /// Appends `.nnnnnnnnn`.
    pub(crate) fn write_fraction(&self, out: &mut Vec<u8>) {
        out.push(b'.');
        write_padded(self.nanosecond, 9, out);
    }
}

/// Appends `YYYY-MM-DDTHH:MM:SS.nnnnnnnnn` in UTC, without a zone.
pub(crate) fn write_iso8601(time_ns: u64, out: &mut Vec<u8>) {
    let time = DateTime::new(time_ns, 0);
    time.write_date(out);
    out.push(b'T');
    time.write_time(out);
    time.write_fraction(out);
}

/// Appends `number` with zeros in front up to `width` digits.
pub(crate) fn write_padded(number: u64, width: usize, out: &mut Vec<u8>) {
    use std::io::Write as _;
    // Writing to a Vec cannot fail.
    let _ = write!(out, "{number:0width$}");
}

/// Year, month and day of the `days`-th day after the Unix epoch, in the Gregorian calendar.
///
/// Counts in 400-year eras whose years begin in March, so that the leap day comes last.
fn date(days: i64) -> (i64, u8, u8) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, u8::try_from(month).unwrap_or(1), u8::try_from(day).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(seconds: u64, utc_offset_s: i32, expected: &str) {
        let mut out = Vec::new();
        let time = DateTime::new(seconds * NS_PER_SECOND + 7, utc_offset_s);
        time.write_date(&mut out);
        out.push(b' ');
        time.write_time(&mut out);
        time.write_fraction(&mut out);
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn dates_follow_the_gregorian_calendar() {
        check(0, 0, "1970-01-01 00:00:00.000000007");
        check(951_782_400, 0, "2000-02-29 00:00:00.000000007");
        check(1_486_171_335, 0, "2017-02-04 01:22:15.000000007");
        check(4_107_542_399, 0, "2100-02-28 23:59:59.000000007");
    }

    #[test]
    fn offset_may_change_the_day() {
        check(0, -3600, "1969-12-31 23:00:00.000000007");
        check(86_399, 7200, "1970-01-02 01:59:59.000000007");
    }
}
