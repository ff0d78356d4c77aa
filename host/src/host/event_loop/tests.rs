//! Numbers, hidden events, sections, and events that make no sense.

use event::{Event, EventType, capture::Record, encode::Encoder};
use proptest::prelude::*;

use crate::{
    Verdict,
    scene::{E, P, Scene, listed},
};

fn user_added(scene: &mut Scene) -> Verdict {
    scene.send_sparse(E::UserAddedE, 1, &[(0, P::Uint(1000)), (2, P::Text(b"alice"))])
}

#[test]
fn enter_events_are_hidden_and_counted() {
    let mut scene = Scene::new();
    let enter = [P::Text(b"/x"), P::Uint(1), P::Uint(0)];
    assert_eq!(scene.send(E::OpenE, 100, &enter), Verdict::Hide);
    scene.open(100, 3, "/x", 1);
    assert_eq!(scene.host.current().number, 2);
}

#[test]
fn events_for_the_state_alone_are_hidden() {
    let mut scene = Scene::new();
    let mut encoder = Encoder::new();
    let event = encoder.encode(E::GetuidX, 1, 100, &[P::Uint(0)]).expect("a valid event");
    let event = Event::decode(event.bytes(), 0, Event::STATE_ONLY).expect("a valid event");
    assert_eq!(scene.host.on_event(&event), Verdict::Hide);
}

#[test]
fn events_before_the_first_ordinary_one_are_hidden() {
    let mut scene = Scene::new();
    assert_eq!(user_added(&mut scene), Verdict::Hide);
    scene.pass();
    assert_eq!(scene.host.current().number, 2);
    assert_eq!(user_added(&mut scene), Verdict::Deliver);
}

#[test]
fn numbers_go_on_in_a_further_section() {
    let mut scene = Scene::new();
    scene.pass();
    scene.pass();
    scene.host.load(&Record::Section);
    assert_eq!(scene.host.threads().count(), 0);
    scene.list(listed(7, 7, 0));
    user_added(&mut scene);
    scene.pass();
    assert_eq!(scene.host.current().number, 3, "initial events do not count there");
    assert!(scene.has(7));
}

#[test]
fn meta_events_belong_to_the_thread_of_their_header_if_any() {
    let mut scene = Scene::new();
    scene.pass();
    scene.send_sparse(E::AsynceventE, 1, &[(0, P::Uint(0)), (1, P::Text(b"x"))]);
    assert_eq!(scene.host.current().thread, scene.host.find_thread(1));
    scene.send_sparse(E::AsynceventE, 0, &[(0, P::Uint(0)), (1, P::Text(b"x"))]);
    assert_eq!(scene.host.current().thread, None);
    assert!(!scene.has(0), "and make no placeholder");
}

#[test]
fn the_fd_of_an_event_is_its_parameter() {
    let mut scene = Scene::new();
    scene.open(100, 3, "/x", 1);
    scene.send(E::ReadX, 100, &[P::Int(1), P::Text(b"x"), P::Int(3), P::Uint(1)]);
    assert_eq!(scene.event_fd(), (3, Some("/x".into()), false));
    scene.send(E::ReadX, 100, &[P::Int(-9), P::Empty, P::Int(99), P::Uint(1)]);
    assert_eq!(scene.event_fd(), (99, None, false));
    scene.pass();
    assert_eq!(scene.event_fd(), (-1, None, false));
}

#[test]
fn times_of_the_first_and_the_previous_event_are_kept() {
    let mut scene = Scene::new();
    scene.pass();
    let first = scene.time_ns;
    scene.pass();
    let current = scene.host.current();
    assert_eq!((current.first_time_ns, current.previous_time_ns), (first, first));
}

/// Parameters of small numbers and short texts, so that events meet each other.
fn param() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(Vec::new()),
        (-3i64..12).prop_map(|number| number.to_le_bytes().to_vec()),
        (0u32..40).prop_map(|number| number.to_le_bytes().to_vec()),
        Just(vec![7]),
        Just(b"/a/../b\0".to_vec()),
        Just(b"x=1\0y\0".to_vec()),
        Just(vec![2, 10, 0, 0, 1, 1, 0, 10, 0, 0, 2, 2, 0]),
        Just([&[10u8][..], &[0; 36]].concat()),
        Just([&[1u8][..], &[3; 16], b"/s\0"].concat()),
        proptest::collection::vec(any::<u8>(), 0..40),
    ]
}

/// The events that change the state, more often than the rest.
fn kind() -> impl Strategy<Value = EventType> {
    let parsed: Vec<_> = EventType::all()
        .iter()
        .copied()
        .filter(|&kind| crate::parse::parser(kind).is_some())
        .collect();
    prop_oneof![
        9 => proptest::sample::select(parsed),
        1 => proptest::sample::select(EventType::all().to_vec()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_events_leave_the_host_in_order(
        events in proptest::collection::vec(
            (kind(), 0i64..6, proptest::collection::vec(param(), 0..32)),
            0..60,
        ),
    ) {
        let mut scene = Scene::empty();
        scene.host.config.max_threads = 8;
        scene.host.config.max_fds = 6;
        scene.list(listed(1, 1, 0));
        scene.list(listed(2, 2, 1));
        let mut encoder = Encoder::new();
        for (kind, tid, params) in &events {
            scene.time_ns += 500_000_000;
            let params: Vec<&[u8]> = params.iter().map(Vec::as_slice).collect();
            let event = encoder.encode_bytes(*kind, scene.time_ns, *tid, &params);
            scene.host.on_event(&event.expect("bytes always encode"));
            let host = &scene.host;
            prop_assert!(host.threads().count() <= 8);
            for id in host.threads() {
                prop_assert!(host.thread(id).is_some());
                prop_assert!(host.fd_open_count(id) <= 6);
                prop_assert!(host.fds(id).all(|(_, fd)| host.fd(fd).is_some()));
                prop_assert!(host.ancestors(id).count() < 100);
                let _ = host.ancestor(id, 5);
                let _ = host.oldest_with(id, |thread| thread.sid, true);
            }
        }
    }
}
