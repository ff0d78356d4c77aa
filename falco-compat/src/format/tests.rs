//! Templates: syntax, messages, columns and how values print.

use std::net::{IpAddr, Ipv4Addr};

use bumpalo::Bump;
use event::{
    EventType,
    encode::{Encoder, Param},
};
use host::{Host, HostConfig};
use proptest::prelude::*;

use super::*;
use crate::{field::Agent, value::Value};

/// Renders `template` for an openat event of no known thread, at 01:00:00.000000007 UTC.
fn render(template: &str) -> Result<String, FormatError> {
    let format = Format::parse(template)?;
    let params = [
        Param::Int(-2),
        Param::Int(-100),
        Param::Text(b"a\xffb\n\xc3\xa9/c"),
        Param::Uint(0x1001),
        Param::Uint(0o644),
    ];
    let mut encoder = Encoder::new();
    let event = encoder.encode(EventType::OpenatV2X, 3_600_000_000_007, 1, &params).unwrap();
    let host = Host::new(&HostConfig::default());
    let agent = Agent { hostname: "box".to_owned(), utc_offset_s: 3600, ..Agent::default() };
    let arena = Bump::new();
    let ctx = Context::new(&event, &host, &arena, &agent);
    let mut out = Vec::new();
    format.render(&ctx, &mut out);
    Ok(String::from_utf8_lossy(&out).into_owned())
}

#[track_caller]
fn check(template: &str, expected: &str) {
    let actual = render(template).unwrap_or_else(|error| format!("error: {error}"));
    assert_eq!(actual, expected, "{template}");
}

#[test]
fn fields_are_filled_in() {
    check("opened %evt.type by %proc.name.", "opened openat by <NA>.");
    // Without a thread, an fd is but a number, even a negative one.
    check("*%evt.res%evt.rawres", "-2-2");
    check("%evt.hostname", "box");
    check("%evt.time %evt.datetime.s", "02:00:00.000000007 1970-01-01 02:00:00");
    check("%evt.time.iso8601", "1970-01-01T01:00:00.000000007+0000");
    check("%evt.rawtime.ns", "000000007");
    check("%evt.failed", "true");
}

#[test]
fn what_follows_the_longest_field_is_text() {
    check("%evt.type.x", "openat.x");
    check("%evt.type, %evt.type", "openat, openat");
    check("%evt.arg.flags!", "O_RDONLY|O_CLOEXEC!");
    check("%evt.arg[4]]", "0644]");
}

#[test]
fn transformers_are_applied() {
    check("%toupper(evt.type)!", "OPENAT!");
    check("%concat(evt.type, \"-\", evt.arg.flags)", "openat-O_RDONLY|O_CLOEXEC");
    check("%tolower(proc.name)", "<NA>");
    check("%basename(evt.arg.name)", "c");
    // Falco has no text for the length of a text, but for that of a field with a format.
    check("%len(evt.type) %len(evt.res)", "<NA> 2");
    let format = Format::parse("%toupper(proc.name) %proc.name %proc.pid").unwrap();
    let names: Vec<_> = format.fields().iter().map(FieldRef::text).collect();
    assert_eq!(names, ["proc.name", "proc.pid"]);
}

#[test]
fn columns_are_padded_and_cut() {
    check("%10evt.type|", "openat    |");
    check("%3evt.type|", "ope|");
    check("%0evt.type|", "openat|");
}

#[test]
fn what_does_not_print_is_replaced() {
    check("%evt.arg.name", "a\u{FFFD}b\u{FFFD}é/c");
}

#[test]
fn malformed_templates_are_refused_in_the_words_of_falco() {
    check("", "error: empty formatting token");
    check("100%", "error: invalid formatting syntax: formatting cannot end with a %");
    check("100%5", "error: invalid formatting syntax: formatting cannot end with a number");
    check("%proc.foo", "error: unknown filter: unexpected token after '");
    check("100% sure", "error: unknown filter: unexpected token after '");
}

#[test]
fn numbers_print_by_type_and_format() {
    let host = Host::new(&HostConfig::default());
    let agent = Agent::default();
    let arena = Bump::new();
    let mut encoder = Encoder::new();
    let event = encoder.encode(EventType::CloseX, 0, 1, &[]).unwrap();
    let ctx = Context::new(&event, &host, &arena, &agent);
    let text = |field: &str, value: Value<'_>| {
        let mut out = Vec::new();
        let field = FieldRef::resolve(field).unwrap();
        print::write_value(&ctx, &field, value, &mut out).then_some(out)
    };
    let text = |field: &str, value| text(field, value).map(|it| String::from_utf8(it).unwrap());
    assert_eq!(text("fd.dev", Value::Int(0xFE00)).as_deref(), Some("FE00"));
    assert_eq!(text("fd.dev", Value::Int(-1)).as_deref(), Some("FFFFFFFF"));
    assert_eq!(text("evt.type.is.open", Value::Uint(1)), None);
    assert_eq!(text("proc.fdusage", Value::Double(0.05)).as_deref(), Some("0.1"));
    let ip = Value::Ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
    assert_eq!(text("fd.cip", ip).as_deref(), Some("127.0.0.1"));
    assert_eq!(text("fd.cnet", ip).as_deref(), Some("<IPNET>"));
    let list = Value::List(&[b"file", b"pipe"]);
    assert_eq!(text("fd.types", list).as_deref(), Some("(file,pipe)"));
    let long = [b'a'; 2000];
    assert_eq!(text("evt.buffer", Value::Bytes(&long)).map(|it| it.len()), Some(1021));
    let fits = [b'a'; 1022];
    assert_eq!(text("evt.buffer", Value::Bytes(&fits)).map(|it| it.len()), Some(1022));
}

proptest! {
    #[test]
    fn any_text_is_parsed_or_refused(text in ".{0,80}") {
        let _ = render(&text);
    }

    #[test]
    fn any_fields_are_parsed_or_refused(
        text in "(%[0-9]{0,6}(evt|proc|fd|container|k8s)\\.[a-z0-9.\\[\\]]{0,12}[ %]?){0,6}"
    ) {
        let _ = render(&text);
    }

    #[test]
    fn any_field_name_is_resolved_or_refused(text in "[a-z.\\[\\]0-9%é]{0,24}") {
        let _ = FieldRef::parse(&text);
    }
}
