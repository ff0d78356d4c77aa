//! Tests of lists within lists and conditions.

use super::*;

fn list(name: &str, items: &[&str]) -> CompiledList {
    let items = items.iter().map(|&it| it.to_owned()).collect();
    CompiledList { name: name.to_owned(), items, used: false }
}

#[track_caller]
fn check(lists: &[CompiledList], condition: &str, expected: &str) {
    let mut expander = Expander::new(lists, 1 << 20);
    assert_eq!(expander.expand(condition).unwrap(), expected);
}

#[test]
fn words_are_replaced() {
    let l = list("l", &["a", "b c", "'d e'"]);
    check(std::slice::from_ref(&l), "x in (l)", "x in ( a, \"b c\", 'd e' )");
    check(std::slice::from_ref(&l), "x in (ll, l-x) and \"l\"", "x in (ll, l-x) and \"l\"");
    check(std::slice::from_ref(&l), "x = l", "x = a, \"b c\", 'd e' ");
}

#[test]
fn empty_lists_take_a_comma_along() {
    let l = list("l", &[]);
    check(std::slice::from_ref(&l), "(a, l, b)", "(a  , b)");
    check(std::slice::from_ref(&l), "(l, b)", "(   b)");
    check(std::slice::from_ref(&l), "(l)", "(  )");
}

#[test]
fn later_lists_are_replaced_in_earlier_ones() {
    check(&[list("c", &["b"]), list("b", &["a"])], "(c)", "( a )");
    check(&[list("b", &["a"]), list("c", &["b"])], "(c)", "( b )");
}

#[test]
fn the_second_of_two_words_at_the_start_is_missed() {
    check(&[list("l", &["a"])], "l l", "a l");
    check(&[list("l", &["a"])], " l l", "a l");
    check(&[list("l", &["a"])], "(l l", "( a a ");
}

#[test]
fn names_of_several_words_are_found() {
    check(&[list("a b", &["x"])], "(a b)", "( x )");
}

#[test]
fn growth_is_limited() {
    let lists: Vec<_> = (0..64)
        .map(|level| list(&format!("l{level}"), &[&*format!("l{}", level + 1); 4]))
        .collect();
    let mut expander = Expander::new(&lists, 1 << 20);
    assert_eq!(expander.expand("(l0)"), Err(TooLarge));
}
