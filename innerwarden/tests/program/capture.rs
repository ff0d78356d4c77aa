//! `capture …`, from outside.

use expect_test::{Expect, expect};

use crate::bed::Bed;

#[track_caller]
fn check_info(content: &[u8], expected: &Expect) {
    let run = Bed::new().file("x.scap", content).run("capture info x.scap");
    assert_eq!(run.stderr, "", "info reports on stdout");
    let report: Vec<_> = run.stdout.lines().take(2).collect();
    expected.assert_eq(&format!("{} {}", run.code, report.join("\n")));
}

#[test]
fn garbage_is_no_capture() {
    check_info(
        b"",
        &expect![[r#"
        3 capture     x.scap
        complete    no: capture `x.scap`: expecting 8 bytes, found 0 (is the file truncated?) at byte 0"#]],
    );
    check_info(
        b"hello, this is not a capture at all",
        &expect![[r#"
        3 capture     x.scap
        complete    no: capture `x.scap`: block type 0x6c6c6568 where a section header has to be at byte 0"#]],
    );
    check_info(
        &[0x1f, 0x8b, 8, 0, 0, 0],
        &expect![[r#"
        3 capture     x.scap
        complete    no: capture `x.scap`: expecting 8 bytes, found 0 (is the file truncated?) at byte 0"#]],
    );
}
