//! Alerts for a person who reads them on a terminal.

use std::fmt::Write as _;

use falco_compat::alert::{Alert, AlertOptions};

/// Columns of a line.
const WIDTH: usize = 100;

/// Columns in front of the text of an alert.
const INDENT: usize = 14;

/// Bytes of `HH:MM:SS.mmm`.
const TIME_BYTES: usize = 12;

/// Whether priorities are coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Colour {
    /// For terminals.
    On,
    /// For everything else.
    Off,
}

/// The alert on several lines: time, priority and rule, then its text, broken between words.
pub(super) fn pretty(alert: &Alert, colour: Colour) -> String {
    let mut line = Vec::new();
    alert.write_text(AlertOptions::default(), &mut line);
    let time = String::from_utf8_lossy(line.get(..TIME_BYTES).unwrap_or_default()).into_owned();
    let (begin, end) = match colour {
        Colour::On => (code(&alert.priority), "\x1b[0m"),
        Colour::Off => ("", ""),
    };
    let mut out = String::new();
    let _ = writeln!(out, "{time}  {begin}{:<13}{end} {}", alert.priority, alert.rule);
    let mut column = 0;
    for word in String::from_utf8_lossy(&alert.message).split_whitespace() {
        let fits = column + 1 + word.len() <= WIDTH;
        if column > 0 && fits {
            out.push(' ');
            column += 1;
        } else {
            if column > 0 {
                out.push('\n');
            }
            let _ = write!(out, "{:INDENT$}", "");
            column = INDENT;
        }
        out.extend(word.chars().map(|it| if it.is_control() { '\u{fffd}' } else { it }));
        column += word.len();
    }
    out.push('\n');
    out
}

/// What a terminal needs to colour a priority.
fn code(priority: &str) -> &'static str {
    match priority {
        "Emergency" | "Alert" | "Critical" => "\x1b[1;31m",
        "Error" => "\x1b[31m",
        "Warning" => "\x1b[33m",
        "Notice" => "\x1b[36m",
        _ => "\x1b[2m",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn long_alerts_are_broken_between_words() {
        let alert = Alert {
            time_ns: 1_234_567_890,
            rule: "A rule".to_owned(),
            priority: "Warning".to_owned(),
            source: "syscall".to_owned(),
            hostname: "host".to_owned(),
            tags: Vec::new(),
            message: [b"word=value ".repeat(12).as_slice(), b"\x1b[31mred"].concat(),
            fields: Vec::new(),
            utc_offset_s: 0,
        };
        let plain = pretty(&alert, Colour::Off);
        expect![[r#"
            00:00:01.234  Warning       A rule
                          word=value word=value word=value word=value word=value word=value word=value
                          word=value word=value word=value word=value word=value �[31mred
        "#]].assert_eq(&plain);
        assert!(pretty(&alert, Colour::On).contains("\x1b[33mWarning      \x1b[0m A rule\n"));
    }
}
