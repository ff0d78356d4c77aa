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

fn show(bytes: &[u8]) -> String {
    let types = Types::parse(bytes).unwrap();
    let shown = types.iter().map(|(_, it)| {
        let mut parts = Vec::new();
        it.for_each_part(|part| parts.push(part));
        format!("{:?} {} {parts:?}", it.kind, String::from_utf8_lossy(types.name(it.name)))
    });
    shown.collect::<Vec<_>>().join(", ")
}

#[test]
fn what_the_object_names_is_kept_with_its_anonymous_parts() {
    let kernel = small();
    let extract = structures(&Types::parse(&kernel).unwrap(), b"x\0task___old\0");
    assert_eq!(show(&extract), "Other int [], Struct task [1, 3, 4], Union  [1], Struct other []");
}

#[test]
fn what_was_before_is_not_counted() {
    let kernel = small();
    let extract = structures(&Types::parse(&kernel).unwrap(), b"other\0");
    assert_eq!(show(&extract), "Other int [], Struct other [1]");
}

#[test]
fn functions_stay_where_they_are() {
    let kernel = small();
    let names = ["sys_open".to_owned()].into();
    let extract = functions(&Types::parse(&kernel).unwrap(), &names);
    assert_eq!(show(&extract), "Other  [], Other  [], Other  [], Other  [], Function sys_open []");
}

#[test]
fn cut_off_types_are_an_error() {
    let whole = small();
    for end in 0..whole.len() {
        assert!(Types::parse(whole.get(..end).unwrap()).is_err(), "{end}");
    }
}

#[test]
fn the_running_kernel_is_reduced_to_a_fraction() {
    let Ok(kernel) = fs::read(PATH) else {
        // Without BTF there is nothing to reduce, and no probe runs; CI has it.
        return assert!(std::env::var_os("CI").is_none(), "no {PATH}");
    };
    let types = Types::parse(&kernel).unwrap();
    let structures = structures(&types, b"task_struct\0");
    assert!(structures.len() * 20 < kernel.len(), "{} of {}", structures.len(), kernel.len());

    let names = ["btf_trace_sys_exit".to_owned()].into();
    let functions = functions(&types, &names);
    let functions = Types::parse(&functions).unwrap();
    let id_of = |types: &Types<'_>| {
        types.iter().find(|(_, it)| types.name(it.name) == b"btf_trace_sys_exit").map(|(id, _)| id)
    };
    assert_eq!(id_of(&functions), id_of(&types));
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_types_or_an_error(
        bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400),
    ) {
        if let Ok(types) = Types::parse(&btf(&[bytes], b"\0name\0")) {
            structures(&types, b"name\0");
            functions(&types, &["name".to_owned()].into());
        }
    }
}
