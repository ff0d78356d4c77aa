//! Sockets that reading and writing complete.

use std::net::{SocketAddrV4, SocketAddrV6};

use crate::{
    fd::{FdKind, L4Proto, Role},
    interfaces::Ipv4Interface,
    scene::{E, P, Scene, lossy},
};

const INET: u64 = 2;
const INET6: u64 = 10;
const DATAGRAM: u64 = 2;

fn v4(text: &str) -> SocketAddrV4 {
    text.parse().expect("an address")
}

fn v6(text: &str) -> SocketAddrV6 {
    text.parse().expect("an address")
}

fn receive(scene: &mut Scene, tuple: P<'_>) {
    scene.send(E::RecvfromX, 100, &[P::Int(1), P::Text(b"x"), tuple, P::Int(3), P::Uint(1)]);
}

fn send(scene: &mut Scene, tuple: P<'_>) {
    scene.send(E::SendtoX, 100, &[P::Int(1), P::Text(b"x"), P::Int(3), P::Uint(1), tuple]);
}

#[track_caller]
fn check(scene: &Scene, name: &str, kind: FdKind, role: Role) {
    let fd = scene.fd(100, 3).expect("the socket is there");
    assert_eq!((lossy(&fd.name).as_str(), fd.kind, fd.role), (name, kind, role));
}

#[test]
fn a_bound_udp_socket_that_receives_is_a_server() {
    let mut scene = Scene::new();
    scene.socket(100, 3, INET, DATAGRAM);
    scene.send(E::BindX, 100, &[P::Int(0), P::AddressV4(v4("10.0.0.5:5000")), P::Int(3)]);
    receive(&mut scene, P::TupleV4(v4("10.0.0.9:40000"), v4("10.0.0.5:5000")));
    check(&scene, "10.0.0.9:40000->10.0.0.5:5000", FdKind::Ipv4Socket, Role::Server);
    assert!(scene.event_fd().2);
    send(&mut scene, P::TupleV4(v4("10.0.0.5:5000"), v4("10.0.0.9:40000")));
    check(&scene, "10.0.0.9:40000->10.0.0.5:5000", FdKind::Ipv4Socket, Role::Server);
    assert!(!scene.event_fd().2);
}

#[test]
fn an_unbound_udp_socket_follows_its_destination() {
    let mut scene = Scene::new();
    scene.socket(100, 3, INET, DATAGRAM);
    for destination in ["1.1.1.1:53", "9.9.9.9:53"] {
        send(&mut scene, P::TupleV4(v4("10.0.0.5:45000"), v4(destination)));
        let name = format!("10.0.0.5:45000->{destination}");
        check(&scene, &name, FdKind::Ipv4Socket, Role::Client);
        assert!(scene.event_fd().2);
    }
}

#[test]
fn an_unbound_udp_socket_that_receives_first_is_a_server() {
    let mut scene = Scene::new();
    scene.socket(100, 3, INET, DATAGRAM);
    receive(&mut scene, P::TupleV4(v4("1.1.1.1:53"), v4("10.0.0.5:45000")));
    check(&scene, "1.1.1.1:53->10.0.0.5:45000", FdKind::Ipv4Socket, Role::Server);
}

#[test]
fn an_ipv6_udp_socket_is_a_client() {
    let mut scene = Scene::new();
    scene.socket(100, 3, INET6, DATAGRAM);
    receive(&mut scene, P::TupleV6(v6("[2001:db8::1]:53"), v6("[2001:db8::2]:45000")));
    check(&scene, "2001:db8::2:45000->2001:db8::1:53", FdKind::Ipv6Socket, Role::Client);
}

#[test]
fn sending_through_an_unknown_fd_makes_a_udp_socket() {
    let mut scene = Scene::new();
    send(&mut scene, P::TupleV4(v4("10.0.0.5:45000"), v4("1.1.1.1:53")));
    check(&scene, "10.0.0.5:45000->1.1.1.1:53", FdKind::Ipv4Socket, Role::Client);
    assert_eq!(scene.event_fd(), (3, Some("10.0.0.5:45000->1.1.1.1:53".into()), true));
}

#[test]
fn receiving_through_an_unknown_fd_makes_none() {
    let mut scene = Scene::new();
    receive(&mut scene, P::TupleV4(v4("1.1.1.1:53"), v4("10.0.0.5:45000")));
    assert!(scene.fd(100, 3).is_none());
}

#[test]
fn an_unknown_own_address_is_taken_from_the_interfaces() {
    let mut scene = Scene::new();
    for (address, netmask) in [("127.0.0.1", "255.0.0.0"), ("10.0.0.5", "255.255.255.0")] {
        scene.host.interfaces.add_ipv4(Ipv4Interface {
            address: address.parse().expect("an address"),
            netmask: netmask.parse().expect("a mask"),
        });
    }
    scene.socket(100, 3, INET, DATAGRAM);
    send(&mut scene, P::TupleV4(v4("0.0.0.0:45000"), v4("10.0.0.9:53")));
    check(&scene, "10.0.0.5:45000->10.0.0.9:53", FdKind::Ipv4Socket, Role::Client);
    send(&mut scene, P::TupleV4(v4("0.0.0.0:45000"), v4("8.8.8.8:53")));
    check(&scene, "10.0.0.5:45000->8.8.8.8:53", FdKind::Ipv4Socket, Role::Client);
}

#[test]
fn a_connected_tcp_socket_keeps_its_name() {
    let mut scene = Scene::new();
    scene.socket(100, 3, INET, 1);
    let tuple = P::TupleV4(v4("10.0.0.1:40000"), v4("8.8.8.8:443"));
    scene.send(E::ConnectX, 100, &[P::Int(0), tuple, P::Int(3)]);
    send(&mut scene, P::TupleV4(v4("1.2.3.4:5"), v4("6.7.8.9:10")));
    check(&scene, "10.0.0.1:40000->8.8.8.8:443", FdKind::Ipv4Socket, Role::Client);
}

#[test]
fn unix_datagrams_are_named_by_their_pointers() {
    let mut scene = Scene::new();
    scene.socket(100, 3, 1, DATAGRAM);
    send(&mut scene, P::TupleUnix(0xa, 0xb, b"/dev/log"));
    check(&scene, "a->b /dev/log", FdKind::UnixSocket, Role::None);
}

#[test]
fn failed_transfers_change_nothing() {
    let mut scene = Scene::new();
    scene.socket(100, 3, INET, DATAGRAM);
    let tuple = P::TupleV4(v4("1.1.1.1:53"), v4("10.0.0.5:45000"));
    scene.send(E::RecvfromX, 100, &[P::Int(-11), P::Empty, tuple, P::Int(3), P::Uint(1)]);
    check(&scene, "", FdKind::Ipv4Socket, Role::None);
}

#[test]
fn a_transfer_of_unknown_result_counts_as_a_success() {
    let mut scene = Scene::new();
    scene.socket(100, 3, INET, DATAGRAM);
    let tuple = P::TupleV4(v4("1.1.1.1:53"), v4("10.0.0.5:45000"));
    scene.send(E::RecvfromX, 100, &[P::Empty, P::Empty, tuple, P::Int(3), P::Uint(1)]);
    check(&scene, "1.1.1.1:53->10.0.0.5:45000", FdKind::Ipv4Socket, Role::Server);
}

#[test]
fn the_protocol_of_a_socket_can_be_left_by_another_address() {
    assert_eq!(L4Proto::from_code(8), L4Proto::NotApplicable);
    assert_eq!(L4Proto::from_code(0), L4Proto::Unknown);
}
