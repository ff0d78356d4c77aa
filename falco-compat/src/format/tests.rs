//! Tests of output templates.


