//! Tests of the reduction.

use super::*;

/// A type as it is stored.
fn record(name: u32, kind: u32, count: u32, other: u32, rest: &[u32]) -> Vec<u8> {
    let words = [name, kind << 24 | count, other];
    words.iter().chain(rest).flat_map(|it| it.to_ne_bytes()).collect()
}

fn btf(records: &[Vec<u8>], texts: &[u8]) -> Vec<u8> {
    let types = records.concat();
    let (types_bytes, texts_bytes) =
        (u32::try_from(types.len()).unwrap(), u32::try_from(texts.len()).unwrap());
    let mut bytes = 0xeb9f_u16.to_ne_bytes().to_vec();
    bytes.extend([1, 0]);
    for word in [24, 0, types_bytes, types_bytes, texts_bytes] {
        bytes.extend(u32::to_ne_bytes(word));
    }
    bytes.extend(types);
    bytes.extend(texts);
    bytes
}

/// `struct task { int pid; union { int a; }; struct other o; }`, `struct other { int x; }`, a function.
fn small() -> Vec<u8> {
    const TEXTS: &[u8] = b"\0int\0task\0pid\0a\0o\0other\0x\0sys_open\0";
    btf(
        &[
            record(1, 1, 0, 4, &[32]),
            record(5, 4, 3, 12, &[10, 1, 0, 0, 3, 32, 16, 4, 64]),
            record(0, 5, 1, 4, &[14, 1, 0]),
            record(18, 4, 1, 4, &[24, 1, 0]),
            record(26, 12, 0, 0, &[]),
        ],
        TEXTS,
    )
}

#[track_caller]
fn check(object: &[u8], names: &[&str], expected: &str) {
    let names = names.iter().map(|it| (*it).to_owned()).collect();
    let reduced = reduce(&small(), object, &names).unwrap();
    let types = Types::parse(&reduced).unwrap();
    let shown: Vec<_> = types
        .iter()
        .map(|(_, it)| {
            let mut parts = Vec::new();
            it.for_each_part(|part| parts.push(part));
            format!("{:?} {} {parts:?}", it.kind, String::from_utf8_lossy(types.name(it.name)))
        })
        .collect();
    assert_eq!(shown.join(", "), expected);
}

#[test]
fn what_the_object_names_is_kept_with_its_anonymous_parts() {
    check(
        b"x\0task___old\0",
        &[],
        "Other int [], Struct task [1, 3, 4], Union  [1], Struct  [], Other  []",
    );
}

#[test]
fn functions_are_kept_by_name() {
    check(
        b"nothing\0",
        &["sys_open"],
        "Other  [], Struct  [], Union  [], Struct  [], Function sys_open []",
    );
}

#[test]
fn cut_off_types_are_an_error() {
    let whole = small();
    for end in 0..whole.len() {
        let cut = whole.get(..end).unwrap();
        assert!(reduce(cut, b"task\0", &BTreeSet::new()).is_err(), "{end}");
    }
}

#[test]
fn the_running_kernel_is_reduced_to_a_fraction() {
    let Ok(kernel) = fs::read(PATH) else {
        // Without BTF there is nothing to reduce, and no probe runs; CI has it.
        return assert!(std::env::var_os("CI").is_none(), "no {PATH}");
    };
    let names = ["btf_trace_sys_exit".to_owned()].into();
    let reduced = reduce(&kernel, b"task_struct\0", &names).unwrap();

    assert!(reduced.len() * 2 < kernel.len(), "{} of {}", reduced.len(), kernel.len());
    let all = Types::parse(&kernel).unwrap();
    let some = Types::parse(&reduced).unwrap();
    assert_eq!(all.len(), some.len());
    let id_of = |types: &Types<'_>, name: &[u8]| {
        types.iter().find(|(_, it)| types.name(it.name) == name).map(|(id, _)| id)
    };
    assert!(id_of(&some, b"task_struct").is_some());
    for name in [&b"task_struct"[..], b"btf_trace_sys_exit"] {
        assert_eq!(id_of(&all, name), id_of(&some, name));
    }
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_types_or_an_error(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
        let _ = reduce(&btf(&[bytes], b"\0name\0"), b"name\0", &BTreeSet::new());
    }
}
