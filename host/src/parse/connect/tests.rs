//! Connections.

use std::net::{SocketAddrV4, SocketAddrV6};

use crate::{
    fd::{Address, FdKind, L4Proto, Role},
    scene::{E, P, Scene, lossy},
};

const INET: u64 = 2;
const INET6: u64 = 10;
const STREAM: u64 = 1;

fn v4(text: &str) -> SocketAddrV4 {
    text.parse().expect("an address")
}

fn v6(text: &str) -> SocketAddrV6 {
    text.parse().expect("an address")
}

#[track_caller]
fn check(scene: &Scene, name: &str, kind: FdKind, role: Role) {
    let fd = scene.fd(100, 3).expect("the socket is there");
    assert_eq!((lossy(&fd.name).as_str(), fd.kind, fd.role), (name, kind, role));
}

#[test]
fn a_connection_has_both_ends() {
    let mut scene = Scene::new();
    scene.socket(100, 3, INET, STREAM);
    let tuple = P::TupleV4(v4("10.0.0.1:40000"), v4("8.8.8.8:443"));
    scene.send(E::ConnectX, 100, &[P::Int(-115), tuple, P::Int(3)]);
    check(&scene, "10.0.0.1:40000->8.8.8.8:443", FdKind::Ipv4Socket, Role::Client);
    let fd = scene.fd(100, 3).expect("the socket is there");
    assert!(fd.connected);
    assert_eq!(fd.l4proto(), L4Proto::Tcp);
    assert_eq!(scene.event_fd(), (3, Some("10.0.0.1:40000->8.8.8.8:443".into()), true));
}

#[test]
fn a_failed_connect_changes_nothing() {
    let mut scene = Scene::new();
    scene.socket(100, 3, INET, STREAM);
    let tuple = P::TupleV4(v4("10.0.0.1:40000"), v4("8.8.8.8:443"));
    scene.send(E::ConnectX, 100, &[P::Int(-111), tuple, P::Int(3)]);
    check(&scene, "", FdKind::Ipv4Socket, Role::None);
    assert!(!scene.fd(100, 3).expect("the socket is there").connected);
}

#[test]
fn an_address_changed_meanwhile_is_not_trusted() {
    let mut scene = Scene::new();
    scene.socket(100, 3, INET, STREAM);
    let (asked, lied) = (v4("6.6.6.6:666"), v4("1.1.1.1:53"));
    let connect = |scene: &mut Scene, destination| {
        scene.send(E::ConnectE, 100, &[P::Int(3), P::AddressV4(asked)]);
        let tuple = P::TupleV4(v4("10.0.0.1:40000"), destination);
        scene.send(E::ConnectX, 100, &[P::Int(0), tuple, P::Int(3), P::AddressV4(lied)]);
    };
    connect(&mut scene, lied);
    check(&scene, "10.0.0.1:40000->6.6.6.6:666", FdKind::Ipv4Socket, Role::Client);
    connect(&mut scene, v4("7.7.7.7:7"));
    check(&scene, "10.0.0.1:40000->7.7.7.7:7", FdKind::Ipv4Socket, Role::Client);
}

#[test]
fn without_a_tuple_only_the_asked_destination_is_known() {
    let mut scene = Scene::new();
    scene.socket(100, 3, INET, STREAM);
    scene.send(E::ConnectE, 100, &[P::Int(3), P::AddressV4(v4("6.6.6.6:666"))]);
    scene.send(E::ConnectX, 100, &[P::Int(0), P::Empty, P::Int(3), P::Empty]);
    check(&scene, "", FdKind::Ipv4Socket, Role::None);
    let address = scene.fd(100, 3).expect("the socket is there").address();
    let Address::Ipv4 { destination, destination_port, .. } = address else {
        panic!("an IPv4 socket")
    };
    assert_eq!((destination.octets(), destination_port), ([6, 6, 6, 6], 666));
}

#[test]
fn a_mapped_ipv6_connection_loses_its_protocol() {
    let mut scene = Scene::new();
    scene.socket(100, 3, INET6, STREAM);
    let tuple = P::TupleV6(v6("[::ffff:10.0.0.5]:3500"), v6("[::ffff:4.4.4.4]:443"));
    scene.send(E::ConnectX, 100, &[P::Int(0), tuple, P::Int(3)]);
    check(&scene, "<unknown>", FdKind::Ipv4Socket, Role::Client);
    assert_eq!(scene.fd(100, 3).expect("the socket is there").l4proto(), L4Proto::Unknown);
}

#[test]
fn an_ipv6_connection_has_no_brackets() {
    let mut scene = Scene::new();
    scene.socket(100, 3, INET6, STREAM);
    let tuple = P::TupleV6(v6("[2001:db8::1]:1"), v6("[2001:db8::2]:2"));
    scene.send(E::ConnectX, 100, &[P::Int(0), tuple, P::Int(3)]);
    check(&scene, "2001:db8::1:1->2001:db8::2:2", FdKind::Ipv6Socket, Role::Client);
}

#[test]
fn a_unix_connection_is_named_by_its_pointers() {
    let mut scene = Scene::new();
    scene.socket(100, 3, 1, STREAM);
    let tuple = P::TupleUnix(0xaaaa, 0xbbbb, b"/run/x.sock");
    scene.send(E::ConnectX, 100, &[P::Int(0), tuple, P::Int(3)]);
    check(&scene, "aaaa->bbbb /run/x.sock", FdKind::UnixSocket, Role::Client);
}

#[test]
fn a_socket_bound_after_connecting_has_both_roles() {
    let mut scene = Scene::new();
    scene.socket(100, 3, INET, STREAM);
    let tuple = P::TupleV4(v4("10.0.0.1:40000"), v4("8.8.8.8:443"));
    scene.send(E::ConnectX, 100, &[P::Int(0), tuple, P::Int(3)]);
    scene.send(E::BindX, 100, &[P::Int(0), P::AddressV4(v4("0.0.0.0:80")), P::Int(3)]);
    check(&scene, "0.0.0.0:80", FdKind::Ipv4ServerSocket, Role::Both);
}

#[test]
fn binding_to_no_ipv6_address_gives_an_ipv4_server() {
    let mut scene = Scene::new();
    scene.socket(100, 3, INET6, STREAM);
    scene.send(E::BindX, 100, &[P::Int(0), P::AddressV6(v6("[::]:8443")), P::Int(3)]);
    check(&scene, ":::8443", FdKind::Ipv4ServerSocket, Role::Server);
    assert_eq!(scene.fd(100, 3).expect("the socket is there").l4proto(), L4Proto::Tcp);
}

#[test]
fn binding_to_no_port_only_names() {
    let mut scene = Scene::new();
    scene.socket(100, 3, INET, STREAM);
    scene.send(E::BindX, 100, &[P::Int(0), P::AddressV4(v4("10.0.0.1:0")), P::Int(3)]);
    check(&scene, "10.0.0.1:0", FdKind::Ipv4Socket, Role::None);
}

#[test]
fn accepting_gives_a_socket_of_the_server() {
    let mut scene = Scene::new();
    let tuple = P::TupleV4(v4("10.0.0.9:50000"), v4("10.0.0.5:8080"));
    scene.send_sparse(E::Accept4V6X, 100, &[(0, P::Int(3)), (1, tuple), (5, P::Int(0x1000))]);
    check(&scene, "10.0.0.9:50000->10.0.0.5:8080", FdKind::Ipv4Socket, Role::Server);
    let fd = scene.fd(100, 3).expect("the socket is there");
    assert!(fd.is_close_on_exec() && fd.connected);
    scene.send_sparse(E::AcceptV5X, 100, &[(0, P::Int(-11))]);
    assert_eq!(scene.event_fd(), (-1, None, false));
}
