//! System V semaphores, in a namespace of their own where the first set has the number 0.

use std::thread;

use nix::sched::{CloneFlags, unshare};

use crate::{
    files,
    program::{Interface, Invocation, call},
};

const CREATE: i64 = 0o1000;
const CREATE_NEW: i64 = 0o3000;
const NOT_WAIT: i16 = 0o4000;
const UNDO: i16 = 0x1000;

#[track_caller]
fn check(interface: Interface, lines: &[(Invocation, &str)]) {
    let run = || {
        if nix::unistd::geteuid().is_root() {
            unshare(CloneFlags::CLONE_NEWIPC).unwrap();
        }
        files::check(interface, lines);
    };
    thread::scope(|it| it.spawn(run).join()).unwrap();
}

/// `struct sembuf[]`: which, by how much, how.
fn operations(list: &[(u16, i16, i16)]) -> Vec<u8> {
    let bytes = |it: &(u16, i16, i16)| {
        [it.0.to_ne_bytes(), it.1.to_ne_bytes(), it.2.to_ne_bytes()].concat()
    };
    list.iter().flat_map(bytes).collect()
}

#[test]
fn sets_are_made_read_and_removed() {
    let lines = [
        (call!("semget", 0, 2, CREATE), "SemgetX res=0 key=0 nsems=2 semflg=8192"),
        (call!("semget", 77, 1, CREATE_NEW), "SemgetX res=1 key=77 nsems=1 semflg=24576"),
        (call!("semget", 77, 1, CREATE_NEW), "SemgetX res=-17 key=77 nsems=1 semflg=24576"),
        (call!("semctl", 0, 1, 16, 5), "SemctlX res=0 semid=0 semnum=1 cmd=4096 val=5"),
        (call!("semctl", 0, 1, 12, 9), "SemctlX res=5 semid=0 semnum=1 cmd=512 val=0"),
        (call!("semctl", 0, 1, 999, 9), "SemctlX res=-22 semid=0 semnum=1 cmd=0 val=0"),
        (call!("semctl", 0, 0, 0, 0), "SemctlX res=0 semid=0 semnum=0 cmd=4 val=0"),
    ];
    check(Interface::Native, &lines);
    #[cfg(target_arch = "x86_64")]
    check(Interface::Compat, &lines);
}

#[test]
fn first_two_operations_are_told() {
    let three = operations(&[(1, 2, UNDO), (1, -1, NOT_WAIT), (0, 1, 0)]);
    let one = operations(&[(0, 3, 0)]);
    let refused = operations(&[(1, -100, NOT_WAIT)]);
    check(
        Interface::Native,
        &[
            (call!("semget", 0, 2, CREATE), ""),
            (
                call!("semop", 0, three, 3),
                "SemopX res=0 nsops=3 sem_num_0=1 sem_op_0=2 sem_flg_0=2 sem_num_1=1 \
                 sem_op_1=-1 sem_flg_1=1 semid=0",
            ),
            (
                call!("semop", 0, one, 1),
                "SemopX res=0 nsops=1 sem_num_0=0 sem_op_0=3 sem_flg_0=0 sem_num_1=0 \
                 sem_op_1=0 sem_flg_1=0 semid=0",
            ),
        ],
    );
    let nothing = "sem_num_0=0 sem_op_0=0 sem_flg_0=0 sem_num_1=0 sem_op_1=0 sem_flg_1=0 semid=0";
    check(
        Interface::Native,
        &[
            (call!("semget", 0, 2, CREATE), ""),
            (call!("semop", 0, refused, 1), &format!("SemopX res=-11 nsops=1 {nothing}")),
            (call!("semop", 0, 16, 1), &format!("SemopX res=-14 nsops=1 {nothing}")),
        ],
    );
}
