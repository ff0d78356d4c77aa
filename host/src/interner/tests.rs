//! Sharing and sweeping.

use super::*;

#[test]
fn equal_texts_are_one() {
    let mut interner = Interner::default();
    let first = interner.intern(b"bash");
    let second = interner.intern(b"bash");
    assert_eq!(first.as_ptr(), second.as_ptr());
    assert_eq!(first.owners(), 3);
}

#[test]
fn forgotten_texts_are_swept() {
    let mut interner = Interner::default();
    let kept = interner.intern(b"kept");
    for index in 0..10_000 {
        interner.intern(format!("{index}").as_bytes());
    }
    assert!(interner.table.len() <= SWEEP_FROM + 1, "{}", interner.table.len());
    assert_eq!(interner.intern(b"kept").as_ptr(), kept.as_ptr());
}

#[test]
fn a_table_full_of_texts_in_use_is_not_swept_for_every_new_one() {
    let mut interner = Interner::default();
    let used: Vec<_> =
        (0..MAX_ENTRIES).map(|index| interner.intern(&index.to_le_bytes())).collect();
    let mut sweeps = 0;
    for index in 0..2 * used.len() {
        let before = interner.until_sweep;
        interner.intern(&(used.len() + index).to_be_bytes());
        sweeps += usize::from(interner.until_sweep > before);
    }
    assert!(sweeps <= 3, "{sweeps}");
    assert!(interner.table.len() <= MAX_ENTRIES);
}
