//! What container runtimes answer, in JSON and in protobuf: never a panic.

#![no_main]

use ingest::container::foreign::read_as_any_answer;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    read_as_any_answer(bytes);
});
