//! A program that does given system calls with given arguments and nothing else, as machine code.
//!
//! What no library offers is called so: calls of old, bad pointers, calls of 32-bit programs. Written here byte for
//! byte, since a test needs neither compiler nor linker of the target then, nor files beside it.

use std::{
    collections::BTreeMap,
    fs::File,
    io::Write,
    os::fd::AsRawFd,
    path::Path,
    process::{Command, Stdio},
    str::FromStr,
};

use nix::sys::memfd::{MFdFlags, memfd_create};

use crate::machine::{self, Width};

/// Where the program is loaded, and where its texts and results are; both fit into 32 bits.
const BASE: u64 = 0x1000_0000;
const DATA: u64 = 0x8000;

/// An argument of a system call.
#[derive(Clone, Debug)]
pub(crate) enum Arg {
    /// A number, as it is.
    Number(i64),
    /// The address of these bytes.
    Bytes(Vec<u8>),
    /// What an earlier call returned; the first has number 0.
    Result(usize),
    /// The address that an earlier call, by its number, got as its argument with this index.
    Address(usize, usize),
}

impl From<i64> for Arg {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

/// The address of the text and a NUL.
impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Bytes([text.as_bytes(), b"\0"].concat())
    }
}

impl From<Vec<u8>> for Arg {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

/// A system call by name, with its arguments.
#[derive(Clone, Debug)]
pub(crate) struct Invocation {
    /// Name.
    pub(crate) name: &'static str,
    /// At most six.
    pub(crate) args: Vec<Arg>,
}

/// `call!("mkdir", "new", 0o755)`.
macro_rules! call {
    ($name:literal $(, $arg:expr)*) => {
        $crate::program::Invocation { name: $name, args: vec![$($crate::program::Arg::from($arg)),*] }
    };
}
pub(crate) use call;

/// How a program calls the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Interface {
    /// As programs of this architecture do.
    Native,
    /// As 32-bit programs do.
    #[cfg(target_arch = "x86_64")]
    Compat,
}

impl Interface {
    /// The number of a call; `None` if there is no such call.
    pub(crate) fn number(self, name: &str) -> Option<u64> {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Native => syscalls::x86_64::Sysno::from_str(name).ok().map(|it| it as u64),
            #[cfg(target_arch = "aarch64")]
            Self::Native => syscalls::aarch64::Sysno::from_str(name).ok().map(|it| it as u64),
            #[cfg(target_arch = "x86_64")]
            Self::Compat => syscalls::x86::Sysno::from_str(name).ok().map(|it| it as u64),
        }
    }
}

/// Runs a program of these calls in `directory`, with no file descriptors beyond the standard ones open, and returns
/// its process id once it has ended.
#[track_caller]
pub(crate) fn run(interface: Interface, calls: &[Invocation], directory: &Path) -> i64 {
    let file = Program::of(interface, calls).into_file();
    let mut child = Command::new(format!("/proc/self/fd/{}", file.as_raw_fd()))
        .env_clear()
        .current_dir(directory)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let pid = i64::from(child.id());
    let status = child.wait().unwrap();
    assert!(status.success(), "{status}: {calls:?}");
    pid
}

/// Machine code in the making, and what it points to.
#[derive(Debug, Default)]
pub(crate) struct Program {
    code: Vec<u8>,
    data: Vec<u8>,
    /// By call and argument.
    addresses: BTreeMap<(usize, usize), u64>,
}

impl Program {
    fn of(interface: Interface, calls: &[Invocation]) -> Self {
        let mut program = Self { data: vec![0; 8 * calls.len()], ..Self::default() };
        let clean = call!("close_range", 3, i64::from(u32::MAX), 0);
        program.call(Interface::Native, &clean, None);
        for (index, call) in calls.iter().enumerate() {
            let call = program.place(index, call);
            program.call(interface, &call, Some(index));
        }
        program
    }

    /// The call with addresses for bytes.
    fn place(&mut self, call_index: usize, call: &Invocation) -> Invocation {
        let mut placed = call.clone();
        for (index, arg) in placed.args.iter_mut().enumerate() {
            let address = match arg {
                Arg::Bytes(bytes) => self.keep(bytes),
                Arg::Address(call, index) => self.addresses[&(*call, *index)],
                Arg::Number(_) | Arg::Result(_) => continue,
            };
            self.addresses.insert((call_index, index), address);
            *arg = Arg::Number(address.cast_signed());
        }
        placed
    }

    /// The address of bytes that are kept, at a multiple of 16.
    pub(crate) fn keep(&mut self, bytes: &[u8]) -> u64 {
        self.data.resize(self.data.len().next_multiple_of(16), 0);
        let address = BASE + DATA + self.data.len() as u64;
        self.data.extend(bytes);
        address
    }

    /// The program as a file that goes when it is closed; it ends itself when all calls are done.
    pub(crate) fn into_file(mut self) -> File {
        self.call(Interface::Native, &call!("exit_group", 0), None);
        let mut file = File::from(memfd_create(c"calls", MFdFlags::MFD_CLOEXEC).unwrap());
        file.write_all(&self.into_elf()).unwrap();
        file
    }

    fn into_elf(mut self) -> Vec<u8> {
        let mut elf = machine::elf(Width::Native, BASE, DATA + self.data.len() as u64);
        elf.append(&mut self.code);
        assert!(elf.len() as u64 <= DATA, "too many calls");
        elf.resize(usize::try_from(DATA).unwrap(), 0);
        elf.append(&mut self.data);
        elf
    }
}

#[cfg(target_arch = "x86_64")]
impl Program {
    /// Adds a call whose arguments are numbers or results, and keeps what it returns as `result`.
    pub(crate) fn call(&mut self, interface: Interface, call: &Invocation, result: Option<usize>) {
        const RAX: u8 = 0;
        let number = interface.number(call.name).unwrap_or_else(|| panic!("no {}", call.name));
        let registers = match interface {
            Interface::Native => [7, 6, 2, 10, 8, 9],
            Interface::Compat => [3, 1, 2, 6, 7, 5],
        };
        for (register, arg) in registers.into_iter().zip(&call.args) {
            match arg {
                Arg::Number(number) => self.load(register, number.cast_unsigned()),
                Arg::Result(index) => {
                    let (rex, register) = (0x48 | (register >> 3) << 2, register & 7);
                    self.code.extend([rex, 0x8b, 4 | register << 3, 0x25]); // mov register, [address]
                    self.code.extend(slot(*index));
                }
                Arg::Bytes(_) | Arg::Address(..) => unreachable!("they have been placed"),
            }
        }
        self.load(RAX, number);
        self.code.extend(match interface {
            Interface::Native => [0x0f, 0x05], // syscall
            Interface::Compat => [0xcd, 0x80], // int 0x80
        });
        if let Some(index) = result {
            self.code.extend([0x48, 0x89, 0x04, 0x25]); // mov [address], rax
            self.code.extend(slot(index));
        }
    }

    fn load(&mut self, register: u8, number: u64) {
        self.code.extend([0x48 | register >> 3, 0xb8 | register & 7]); // movabs
        self.code.extend(number.to_le_bytes());
    }
}

#[cfg(target_arch = "aarch64")]
impl Program {
    /// Adds a call whose arguments are numbers or results, and keeps what it returns as `result`.
    pub(crate) fn call(&mut self, interface: Interface, call: &Invocation, result: Option<usize>) {
        const ADDRESS: u32 = 9;
        let number = interface.number(call.name).unwrap_or_else(|| panic!("no {}", call.name));
        for (register, arg) in (0..).zip(&call.args) {
            match arg {
                Arg::Number(number) => self.load(register, number.cast_unsigned()),
                Arg::Result(index) => {
                    self.load(ADDRESS, u64::from(u32::from_le_bytes(slot(*index))));
                    self.instruction(0xf940_0000 | ADDRESS << 5 | register); // ldr register, [x9]
                }
                Arg::Bytes(_) | Arg::Address(..) => unreachable!("they have been placed"),
            }
        }
        self.load(8, number);
        self.instruction(0xd400_0001); // svc #0
        if let Some(index) = result {
            self.load(ADDRESS, u64::from(u32::from_le_bytes(slot(index))));
            self.instruction(0xf900_0000 | ADDRESS << 5); // str x0, [x9]
        }
    }

    fn load(&mut self, register: u32, number: u64) {
        for part in 0..4 {
            let bits = u32::try_from(number >> (16 * part) & 0xffff).unwrap();
            let operation = if part == 0 { 0xd280_0000 } else { 0xf280_0000 }; // movz, movk
            self.instruction(operation | part << 21 | bits << 5 | register);
        }
    }

    fn instruction(&mut self, word: u32) {
        self.code.extend(word.to_le_bytes());
    }
}

/// The address of a call's result.
fn slot(index: usize) -> [u8; 4] {
    u32::try_from(BASE + DATA + 8 * index as u64).unwrap().to_le_bytes()
}
