//! Tests of output templates.
