//! The text format of Prometheus.

use std::fmt::{Display, Write as _};

/// Where the meaning of figures is written down.
const HELP: &str = "see docs/run.md";

/// Text that grows. Figures of the same name have to follow each other.
#[derive(Debug, Default)]
pub(super) struct Text {
    out: String,
    last: String,
}

impl Text {
    /// A fact that is in the labels.
    pub(super) fn info(&mut self, name: &str, labels: &[(&str, &str)]) {
        self.figure("gauge", name, labels, 1);
    }

    /// A figure that goes up and down.
    pub(super) fn gauge(&mut self, name: &str, value: impl Display) {
        self.figure("gauge", name, &[], value);
    }

    /// One of several figures that go up and down.
    pub(super) fn labelled_gauge(
        &mut self,
        name: &str,
        labels: &[(&str, &str)],
        value: impl Display,
    ) {
        self.figure("gauge", name, labels, value);
    }

    /// A figure that only grows.
    pub(super) fn counter(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        self.figure("counter", name, labels, value);
    }

    /// The text.
    pub(super) fn finish(self) -> String {
        self.out
    }

    fn figure(&mut self, kind: &str, name: &str, labels: &[(&str, &str)], value: impl Display) {
        // Writing to a String cannot fail.
        if self.last != name {
            name.clone_into(&mut self.last);
            let _ = writeln!(self.out, "# HELP innerwarden_{name} {HELP}");
            let _ = writeln!(self.out, "# TYPE innerwarden_{name} {kind}");
        }
        let _ = write!(self.out, "innerwarden_{name}");
        for (index, (label, text)) in labels.iter().enumerate() {
            let open = if index == 0 { '{' } else { ',' };
            let _ = write!(self.out, "{open}{label}=\"{}\"", escaped(text));
        }
        if !labels.is_empty() {
            self.out.push('}');
        }
        let _ = writeln!(self.out, " {value}");
    }
}

/// A name that a label may have: what may not be in it becomes `_`.
pub(super) fn label_name(text: &str) -> String {
    text.chars().map(|it| if it.is_ascii_alphanumeric() { it } else { '_' }).collect()
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn figures_of_a_name_have_one_heading() {
        let mut text = Text::default();
        text.counter("a_total", &[("x", "1\"\\\n")], 5);
        text.counter("a_total", &[("x", "2"), (&label_name("tag_T1-x"), "true")], 6);
        text.gauge("b", 0.5);
        expect![[r#"
            # HELP innerwarden_a_total see docs/run.md
            # TYPE innerwarden_a_total counter
            innerwarden_a_total{x="1\"\\\n"} 5
            innerwarden_a_total{x="2",tag_T1_x="true"} 6
            # HELP innerwarden_b see docs/run.md
            # TYPE innerwarden_b gauge
            innerwarden_b 0.5
        "#]]
        .assert_eq(&text.finish());
    }
}
