//! Fds that come as ancillary data of a message (`SCM_RIGHTS`): the event has their numbers only.

use event::{Event, EventType};

use crate::{fd::FdKind, host::Host};

/// Most fds that one message can carry.
const MAX_FDS: usize = 253;
const SOL_SOCKET: u32 = 1;
const SCM_RIGHTS: u32 = 1;
/// Length, level, type.
const HEADER_BYTES: usize = 16;

impl Host {
    /// Asks for the fds that a recvmsg or recvmmsg brought.
    pub(crate) fn look_up_passed_fds(&mut self, event: &Event<'_>) {
        let param = match event.kind {
            EventType::RecvmsgX => 4,
            EventType::RecvmmsgX => 5,
            _ => return,
        };
        let unix = self.event_fd().is_some_and(|fd| fd.kind == FdKind::UnixSocket);
        let Some(id) = self.event_thread.filter(|_| unix) else { return };
        for number in numbers(event.param(param)) {
            self.look_up_fd(id, number);
        }
    }
}

/// The fds in control messages; it ends at the first malformed one.
fn numbers(mut control: &[u8]) -> impl Iterator<Item = i64> + '_ {
    std::iter::from_fn(move || {
        let (message, rest) = split(control)?;
        control = rest;
        Some(message)
    })
    .filter(|message| message.kind == (SOL_SOCKET, SCM_RIGHTS))
    .map_while(|message| {
        let whole = message.data.len().is_multiple_of(4) && message.data.len() / 4 <= MAX_FDS;
        whole.then_some(message.data)
    })
    .flat_map(|data| data.chunks_exact(4))
    .filter_map(|bytes| Some(i64::from(i32::from_le_bytes(*bytes.first_chunk()?))))
    .filter(|&number| number >= 0)
}

struct ControlMessage<'a> {
    kind: (u32, u32),
    data: &'a [u8],
}

/// The first control message and what follows it.
fn split(control: &[u8]) -> Option<(ControlMessage<'_>, &[u8])> {
    let length = u64::from_le_bytes(*control.first_chunk()?);
    let word = |at: usize| Some(u32::from_le_bytes(*control.get(at..)?.first_chunk()?));
    let kind = (word(8)?, word(12)?);
    let length = usize::try_from(length).ok().filter(|&it| it >= HEADER_BYTES)?;
    let data = control.get(HEADER_BYTES..length)?;
    let rest = control.get(length.next_multiple_of(8)..).unwrap_or_default();
    Some((ControlMessage { kind, data }, rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn message(kind: (u32, u32), data: &[u8]) -> Vec<u8> {
        let mut bytes = (HEADER_BYTES as u64 + data.len() as u64).to_le_bytes().to_vec();
        bytes.extend(kind.0.to_le_bytes());
        bytes.extend(kind.1.to_le_bytes());
        bytes.extend(data);
        bytes.resize(bytes.len().next_multiple_of(8), 0);
        bytes
    }

    #[track_caller]
    fn check(messages: &[Vec<u8>], expected: &[i64]) {
        assert_eq!(numbers(&messages.concat()).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn fds_are_found_in_every_message_of_rights() {
        let rights = |fds: &[i32]| {
            let data: Vec<u8> = fds.iter().flat_map(|fd| fd.to_le_bytes()).collect();
            message((SOL_SOCKET, SCM_RIGHTS), &data)
        };
        let credentials = message((SOL_SOCKET, 2), &[1; 12]);
        check(&[rights(&[5])], &[5]);
        check(&[credentials.clone(), rights(&[5, 6, 7]), rights(&[8])], &[5, 6, 7, 8]);
        check(&[credentials], &[]);
        check(&[rights(&[-1, 9])], &[9]);
    }

    #[test]
    fn a_malformed_message_ends_it() {
        check(&[vec![0; 16]], &[]);
        check(&[message((SOL_SOCKET, SCM_RIGHTS), &[1; 3])], &[]);
        let mut long = message((SOL_SOCKET, SCM_RIGHTS), &[1, 0, 0, 0]);
        long[0] = 200;
        check(&[long], &[]);
    }

    proptest! {
        #[test]
        fn any_bytes_have_a_bounded_number_of_fds(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            prop_assert!(numbers(&bytes).count() <= bytes.len() / 4);
        }
    }
}
