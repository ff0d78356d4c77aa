//! `innerwarden rules test`: do rules fire when, and only when, they should?

mod cases;
mod comparison;
mod expectation;
mod junit;
