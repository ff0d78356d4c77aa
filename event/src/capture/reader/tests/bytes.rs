//! Blocks made by hand.

use crate::{
    encode::{Encoder, Param},
    table::EventType,
};

/// A block with header, padding and trailer.
pub(super) fn block(block_type: u32, body: &[u8]) -> Vec<u8> {
    let total = u32::try_from(body.len().next_multiple_of(4) + 12).unwrap().to_le_bytes();
    let mut block = [&block_type.to_le_bytes(), &total[..], body].concat();
    block.resize(block.len().next_multiple_of(4), 0);
    block.extend_from_slice(&total);
    block
}

pub(super) fn section_body() -> Vec<u8> {
    [&0x1A2B_3C4D_u32.to_le_bytes()[..], &[1, 0, 2, 0], &[255; 8]].concat()
}

/// A section header block.
pub(super) fn section() -> Vec<u8> {
    block(0x0A0D_0D0A, &section_body())
}

/// An encoded close of fd 3, time 1, thread 2.
pub(super) fn close_bytes() -> Vec<u8> {
    let mut encoder = Encoder::new();
    let params = [Param::Int(0), Param::Int(3)];
    encoder.encode(EventType::CloseX, 1, 2, &params).unwrap().bytes().to_vec()
}

/// A block with that event.
pub(super) fn close_event() -> Vec<u8> {
    block(0x216, &[&[7, 0], &close_bytes()[..]].concat())
}

/// An event with the header of before 2019: time 1, thread 2.
pub(super) fn old_event(code: u16, extra: i32, params: &[&[u8]]) -> Vec<u8> {
    let length: usize = params.iter().map(|it| it.len() + 2).sum();
    let length = i32::try_from(length + 22).unwrap() + extra;
    let mut bytes = [&1u64.to_le_bytes()[..], &2u64.to_le_bytes()].concat();
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(&code.to_le_bytes());
    for param in params {
        bytes.extend_from_slice(&u16::try_from(param.len()).unwrap().to_le_bytes());
    }
    bytes.extend(params.concat());
    bytes
}

/// `u16` length and the bytes.
pub(super) fn string(bytes: &[u8]) -> Vec<u8> {
    [&u16::try_from(bytes.len()).unwrap().to_le_bytes(), bytes].concat()
}

/// An entry that begins with its length, which counts itself.
pub(super) fn sized(bytes: &[u8]) -> Vec<u8> {
    [&u32::try_from(bytes.len() + 4).unwrap().to_le_bytes(), bytes].concat()
}
