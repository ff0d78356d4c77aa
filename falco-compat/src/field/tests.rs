//! Names, arguments and messages of fields.

use super::*;

#[track_caller]
fn check(text: &str, expected: &str) {
    let actual = match FieldRef::resolve(text) {
        Ok(field) => format!("{} {:?} {:?}", field.name(), field.argument(), field.value_type()),
        Err(error) => error.to_string(),
    };
    assert_eq!(actual, expected, "{text}");
}

#[test]
fn names_resolve_with_their_argument() {
    check("proc.name", "proc.name None Charbuf");
    check("proc.aname[2]", "proc.aname Index(2) Charbuf");
    check("proc.aname[-1]", "proc.aname Index(-1) Charbuf");
    check("proc.aexepath[1]", "proc.aexepath Index(1) Charbuf");
    check("proc.env[HOME]", "proc.env Key(\"HOME\") Charbuf");
    check("proc.aenv[2]", "proc.aenv Index(2) Charbuf");
    check("evt.arg[0]", "evt.arg Index(0) Charbuf");
    check("evt.arg.flags", "evt.arg Parameter(flags) Charbuf");
    check("evt.rawarg.res", "evt.rawarg Parameter(res) Errno");
    check("evt.type.is.open", "evt.type.is Key(\"open\") Uint32");
    check("evt.abspath.dst", "evt.abspath Index(2) Charbuf");
    check("thread.cgroup.cpu", "thread.cgroup Key(\"cpu\") Charbuf");
    check("fd.types[0]", "fd.types Index(0) Charbuf");
    check("fdlist.nums", "fdlist.nums None Charbuf");
    check("container.label[a.b/c]", "container.label Key(\"a.b/c\") Charbuf");
    check("proc.is_container_healthcheck", "proc.is_container_healthcheck None Bool");
}

#[test]
fn malformed_names_are_refused_in_the_words_of_falco() {
    let nonexistent = |text: &str| {
        check(text, &format!("filter_check called with nonexistent field {text}"));
    };
    nonexistent("proc.nosuch");
    nonexistent("foo.bar");
    nonexistent("proc.aname[x]");
    nonexistent("proc.args[x]");
    nonexistent("proc.name[1]");
    nonexistent("evt.type.is.nosuch");
    check("evt.arg", "filter syntax error: evt.arg");
    check("evt.rawarg", "filter syntax error: evt.rawarg");
    check("evt.arg[flags]", "flags is not a valid number");
    check("evt.arg.nosuch", "unknown event argument nosuch");
    check("evt.rawarg[0]", "evt.arg fields must be expressed explicitly");
    check("thread.cgroup", "filter syntax error: thread.cgroup");
    check(
        "container.label",
        "filter 'container.label': container.label requires an argument but none provided",
    );
}

#[test]
fn prefix_leaves_the_rest() {
    let (field, len) = FieldRef::parse("proc.name.x").unwrap();
    assert_eq!((field.text(), len), ("proc.name", 9));
}

#[test]
fn every_listed_field_of_falco_is_there() {
    let listed = CLASSES.iter().flat_map(|it| it.fields).filter(|it| it.is_listed()).count();
    assert_eq!(listed, 268);
}

#[test]
fn every_field_has_a_dot() {
    // `FieldRef::resolve` rejects texts without one before it looks.
    let mut fields = CLASSES.iter().flat_map(|it| it.fields);
    assert!(fields.all(|it| it.name.contains('.')));
}
