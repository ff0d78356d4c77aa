//! `execve`, `execveat`.

use std::{
    fs::{self, Metadata},
    io::Write,
    os::{
        fd::AsRawFd,
        unix::{
            fs::{MetadataExt, PermissionsExt},
            process::CommandExt,
        },
    },
    path::{Path, PathBuf},
    process::Command,
};

use event::EventType;
use nix::{
    sys::{
        memfd::{MFdFlags, memfd_create},
        resource::{Resource, getrlimit},
    },
    unistd::{Gid, Uid},
};
use syscalls::Sysno;

use crate::{
    harness::{Seen, record, record_all},
    machine::{Argument, Step, Width, image, program},
};

const WRITABLE: i64 = 1;
const UPPER_LAYER: i64 = 2;
const FROM_MEMFD: i64 = 4;
const LOWER_LAYER: i64 = 8;

/// Runs a command and returns the event of its program.
#[track_caller]
fn run(command: &mut Command) -> Option<(i64, Seen)> {
    let mut child = 0;
    let seen = record_all(&["execve", "execveat"], || {
        let mut process = command.spawn().unwrap();
        child = i64::from(process.id());
        process.wait().unwrap();
    })?;
    let event = seen.into_iter().find(|it| it.tid == child && it.kind == EventType::ExecveV19X);
    Some((child, event.unwrap()))
}

#[test]
fn a_new_program_is_told_with_its_arguments() {
    let (_directory, path) = program(Width::Native, &[]);
    let mut command = Command::new(&path);
    command.arg0("first").args(["second", "", "a b"]).env_clear().env("KEY", "value");
    let Some((child, event)) = run(&mut command) else { return };

    assert_eq!(event.number("res"), 0);
    assert_eq!(event.text("exe"), "first");
    assert_eq!(event.bytes("args"), b"second\0\0a b\0");
    assert_eq!(event.bytes("env"), b"KEY=value\0");
    assert_eq!((event.number("tid"), event.number("pid")), (child, child));
    assert_eq!(event.number("ptid"), i64::from(nix::unistd::gettid().as_raw()));
    assert_eq!(event.bytes("cwd"), b"");
    assert_eq!(event.text("comm"), "machine");
    assert_eq!(event.text("filename"), path.to_str().unwrap());
    assert_eq!(event.text("trusted_exepath"), path.to_str().unwrap());
}

#[test]
fn a_new_program_is_told_with_who_runs_it() {
    let (_directory, path) = program(Width::Native, &[]);
    let Some((child, event)) = run(Command::new(&path).process_group(0)) else { return };

    let (soft, _) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
    assert_eq!(event.number("fdlimit").cast_unsigned(), soft);
    assert_eq!((event.number("vpgid"), event.number("pgid")), (child, child));
    assert_eq!((event.number("uid"), event.number("gid")), (0, 0));
    let loginuid = fs::read_to_string("/proc/self/loginuid");
    let loginuid = loginuid.map_or(u32::MAX, |it| it.trim().parse().unwrap());
    assert_eq!(event.number("loginuid"), i64::from(loginuid));
    let terminal = fs::read_to_string("/proc/self/stat").unwrap();
    let terminal = terminal.rsplit_once(") ").unwrap().1.split(' ').nth(4).unwrap().to_owned();
    assert_eq!(event.number("tty").to_string(), terminal);
    for (name, line) in
        [("inheritable", "CapInh"), ("permitted", "CapPrm"), ("effective", "CapEff")]
    {
        let expected = u64::from_str_radix(&own_status(line), 16).unwrap();
        let told = event.number(&format!("cap_{name}")).cast_unsigned();
        assert_eq!(told, expected, "{name}");
    }
    assert!(event.number("vm_size") > 0, "{event:?}");
}

fn own_status(name: &str) -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|it| it.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().to_owned()
}

#[test]
fn a_new_program_is_told_with_its_file() {
    let (_directory, path) = program(Width::Native, &[]);
    let Some((_, event)) = run(&mut Command::new(&path)) else { return };

    let file = fs::metadata(&path).unwrap();
    assert_file(&event, &file);
    let layer = event.number("flags") & (UPPER_LAYER | LOWER_LAYER);
    let is_overlay = nix::sys::statfs::statfs(&path).unwrap().filesystem_type()
        == nix::sys::statfs::OVERLAYFS_SUPER_MAGIC;
    assert_eq!(layer, if is_overlay { UPPER_LAYER } else { 0 });
    assert_eq!(event.number("flags") & WRITABLE, WRITABLE, "its owner runs it");
}

#[track_caller]
fn assert_file(event: &Seen, file: &Metadata) {
    assert_eq!(event.number("exe_ino").cast_unsigned(), file.ino());
    assert_eq!(event.number("exe_ino_ctime"), file.ctime() * 1_000_000_000 + file.ctime_nsec());
    assert_eq!(event.number("exe_ino_mtime"), file.mtime() * 1_000_000_000 + file.mtime_nsec());
}

#[test]
fn others_may_write_if_the_mode_lets_them() {
    // Mode, owner, group of the program; whether user 1234 of group 5678 may write.
    for (mode, uid, gid, writable) in [
        (0o755, 0, 0, 0),
        (0o757, 0, 0, WRITABLE),
        (0o775, 0, 5678, WRITABLE),
        (0o775, 0, 1, 0),
        (0o555, 1234, 0, WRITABLE), // its owner may change the mode
    ] {
        let (directory, path) = program(Width::Native, &[]);
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755)).unwrap();
        nix::unistd::chown(&path, Some(Uid::from_raw(uid)), Some(Gid::from_raw(gid))).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let Some((_, event)) = run(Command::new(&path).uid(1234).gid(5678)) else { return };
        assert_eq!(event.number("flags") & WRITABLE, writable, "{mode:o} {uid} {gid}");
        assert_eq!((event.number("uid"), event.number("gid")), (1234, 5678));
        assert_eq!(event.number("cap_effective"), 0);
    }
}

#[test]
fn a_program_in_memory_is_told() {
    let file = memfd_create(c"hidden", MFdFlags::empty()).unwrap();
    let mut file = fs::File::from(file);
    file.write_all(&image(Width::Native, &[])).unwrap();
    let path = format!("/proc/{}/fd/{}", std::process::id(), file.as_raw_fd());
    // Executing what is open for writing fails.
    let readable = fs::File::open(&path).unwrap();
    drop(file);
    let path = format!("/proc/{}/fd/{}", std::process::id(), readable.as_raw_fd());
    let Some((_, event)) = run(&mut Command::new(&path)) else { return };

    assert_eq!(event.number("flags") & FROM_MEMFD, FROM_MEMFD);
    assert_eq!(event.text("trusted_exepath"), "memfd:hidden");
    assert_file(&event, &readable.metadata().unwrap());
}

#[test]
fn long_arguments_and_environments_are_cut() {
    let (_directory, path) = program(Width::Native, &[]);
    let long = "x".repeat(70_000);
    let mut command = Command::new(&path);
    command.arg0("0").args(["1", &long]).env_clear().env("LONG", &long);
    let Some((_, event)) = run(&mut command) else { return };

    let args = event.bytes("args");
    assert_eq!((args.len(), &args[..4], args.last()), (4096 - 2, &b"1\0xx"[..], Some(&0)));
    let environment = event.bytes("env");
    assert_eq!((environment.len(), &environment[..6]), (4096, &b"LONG=x"[..]));
    assert_eq!(environment.last(), Some(&0));
}

#[test]
fn cgroups_are_told_by_controller() {
    let (_directory, path) = program(Width::Native, &[]);
    let Some((_, event)) = run(&mut Command::new(&path)) else { return };

    let own = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let mut told = event.bytes("cgroups").split(|it| *it == 0).collect::<Vec<_>>();
    assert_eq!(told.pop(), Some(&b""[..]), "the last ends with NUL too");
    assert!(!told.is_empty(), "no cgroup at all");
    for entry in told {
        let entry = std::str::from_utf8(entry).unwrap();
        let (name, path) = entry.split_once('=').unwrap();
        assert!(["cpuset", "cpu", "cpuacct", "io", "memory"].contains(&name), "{entry}");
        let old_name = if name == "io" { "blkio" } else { name };
        let line = own.lines().map(|it| it.splitn(3, ':').skip(1).collect::<Vec<_>>());
        let (first, second): (Vec<_>, Vec<_>) =
            line.partition(|it| it[0].split(',').any(|it| it == old_name));
        if let [line] = &first[..] {
            assert_eq!(path, line[1], "{entry}");
        } else if let Some(line) = second.iter().find(|it| it[0].is_empty()) {
            // The nearest one above that has the controller.
            assert!(line[1].starts_with(path), "{entry} {line:?}");
        }
    }
}

#[test]
fn failure_tells_what_was_asked_for() {
    let mut command = Command::new("/no/such/program");
    command.arg0("first").args(["second", "third"]).env_clear().env("KEY", "value");
    let action = || drop(command.spawn().unwrap_err());
    let Some(seen) = record_all(&["execve"], action) else { return };

    let failed = |it: &&Seen| it.kind == EventType::ExecveV19X && it.number("res") == -2;
    let event = seen.iter().find(failed).unwrap();
    assert_eq!(event.text("exe"), "first");
    assert_eq!(event.bytes("args"), b"second\0third\0");
    assert_eq!(event.bytes("env"), b"KEY=value\0");
    assert_eq!(event.text("filename"), "/no/such/program");
    let own = fs::read_link("/proc/self/exe").unwrap();
    assert_eq!(event.text("trusted_exepath"), own.to_str().unwrap(), "what runs on");
    assert_file(event, &fs::metadata(own).unwrap());
}

/// Has a program of one system call run, and returns the events of it that are no success.
#[track_caller]
fn run_machine(width: Width, step: Step) -> Option<Vec<Seen>> {
    let (_directory, path) = program(width, &[step]);
    let mut child = 0;
    let seen = record_all(&["execve", "execveat"], || match Command::new(&path).spawn() {
        Ok(mut process) => {
            child = i64::from(process.id());
            process.wait().unwrap();
        }
        Err(error) => println!("skipped: this kernel runs no such programs: {error}"),
    })?;
    let exec = |it: &Seen| it.kind != EventType::ProcexitV1E && it.number("res") < 0;
    Some(seen.into_iter().filter(|it| it.tid == child && exec(it)).collect())
}

fn texts(texts: &[&'static str]) -> Argument {
    Argument::Texts(texts.to_vec())
}

#[test]
fn failed_execveat_has_its_own_event() {
    let path = Argument::Bytes(b"nothing\0".to_vec());
    let arguments = vec![Argument::from(-100), path, texts(&["a", "b"]), texts(&["C=d"])];
    let step = Step::Call(Sysno::execveat as u32, [arguments, vec![Argument::from(0)]].concat());
    let Some(seen) = run_machine(Width::Native, step) else { return };

    let [event] = &seen[..] else { panic!("{seen:?}") };
    assert_eq!(event.kind, EventType::ExecveatX);
    assert_eq!((event.number("res"), event.text("exe")), (-2, "a".to_owned()));
    assert_eq!((event.bytes("args"), event.bytes("env")), (&b"b\0"[..], &b"C=d\0"[..]));
}

#[test]
fn absent_arguments_are_an_empty_name() {
    let path = Argument::Bytes(b"/nothing\0".to_vec());
    let step = Step::Call(Sysno::execve as u32, vec![path, 0.into(), 0.into()]);
    let Some(seen) = run_machine(Width::Native, step) else { return };

    let [event] = &seen[..] else { panic!("{seen:?}") };
    assert_eq!((event.bytes("exe"), event.bytes("args")), (&b"\0"[..], &b""[..]));
    assert_eq!(event.bytes("env"), b"");
}

#[test]
fn bad_pointers_leave_parameters_empty() {
    let step = Step::Call(Sysno::execve as u32, vec![1.into(), 1.into(), 1.into()]);
    let Some(seen) = run_machine(Width::Native, step) else { return };

    let [event] = &seen[..] else { panic!("{seen:?}") };
    assert_eq!(event.number("res"), -14);
    for name in ["exe", "args", "env", "filename"] {
        assert_eq!(event.bytes(name), b"", "{name}");
    }
}

#[test]
fn at_most_sixteen_pointers_are_followed() {
    let path = Argument::Bytes(b"/nothing\0".to_vec());
    let many = texts(&["a"; 20]);
    let step = Step::Call(Sysno::execve as u32, vec![path, many.clone(), many]);
    let Some(seen) = run_machine(Width::Native, step) else { return };

    let [event] = &seen[..] else { panic!("{seen:?}") };
    assert_eq!(event.bytes("args"), b"a\0".repeat(15));
    assert_eq!(event.bytes("env"), b"a\0".repeat(16));
}

#[cfg(target_arch = "x86_64")]
#[test]
fn pointers_of_32_bit_programs_are_narrow() {
    let path = Argument::Bytes(b"/nothing\0".to_vec());
    let arguments = vec![path, texts(&["a", "b", "c"]), texts(&["D=e"])];
    let step = Step::Call(syscalls::x86::Sysno::execve as u32, arguments);
    let Some(seen) = run_machine(Width::Narrow, step) else { return };

    let Some(event) = seen.first() else { return };
    assert_eq!(
        (event.text("exe"), event.text("filename")),
        ("a".to_owned(), "/nothing".to_owned())
    );
    assert_eq!((event.bytes("args"), event.bytes("env")), (&b"b\0c\0"[..], &b"D=e\0"[..]));
}

#[test]
fn relative_paths_have_an_absolute_executable() {
    let (directory, path) = program(Width::Native, &[]);
    let deep: PathBuf = (0..60).map(|it| format!("{it}")).collect();
    fs::create_dir_all(directory.path().join(&deep)).unwrap();
    let target = directory.path().join(&deep).join("program");
    fs::copy(&path, &target).unwrap();
    let mut command = Command::new(Path::new("./program"));
    command.current_dir(directory.path().join(&deep));
    let Some((_, event)) = run(&mut command) else { return };

    assert_eq!(event.text("filename"), "./program");
    assert_eq!(event.text("trusted_exepath"), target.to_str().unwrap());
}

#[test]
fn failures_of_this_thread_name_the_thread() {
    let action = || {
        let nothing = c"/nothing";
        nix::unistd::execve(nothing, &[nothing], &[nothing]).unwrap_err();
    };
    let Some(seen) = record(&["execve"], action) else { return };
    let [event] = &seen[..] else { panic!("{seen:?}") };
    assert_eq!(event.number("tid"), i64::from(nix::unistd::gettid().as_raw()));
    assert_eq!(event.number("pid"), i64::from(std::process::id()));
}
