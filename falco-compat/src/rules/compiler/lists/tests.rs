//! Tests of lists within lists and conditions.
