//! Executables of a few system calls each, made here: raw calls without `unsafe`, as 64-bit or 32-bit programs.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::PathBuf,
};

use tempfile::TempDir;

/// What a program does, one after another.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// A system call by number with up to six arguments.
    Call(u32, Vec<Argument>),
    /// Keeps what the last call returned, as number 0 or 1; 64-bit programs only.
    Keep(usize),
    /// Writes eight bytes at what was kept under a number, plus an offset; 64-bit programs only.
    Store(usize, u32, Argument),
    /// Ends the process unless the last call returned 0; 64-bit programs only.
    ExitUnlessZero,
}

/// An argument of a system call.
#[derive(Clone, Debug)]
pub(crate) enum Argument {
    /// A number.
    Number(u64),
    /// The address of these bytes.
    Bytes(Vec<u8>),
    /// The address of the addresses of these texts, and of a 0 behind them.
    Texts(Vec<&'static str>),
}

impl From<i64> for Argument {
    fn from(value: i64) -> Self {
        Self::Number(value.cast_unsigned())
    }
}

/// `call(nr, [1, 2])`
pub(crate) fn call<const N: usize>(number: u32, arguments: [i64; N]) -> Step {
    Step::Call(number, arguments.map(Argument::from).to_vec())
}

/// Width of addresses, and with it the processor's mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Width {
    Native,
    /// Through `int 0x80`.
    #[cfg(target_arch = "x86_64")]
    Narrow,
}

impl Width {
    const fn is_native(self) -> bool {
        matches!(self, Self::Native)
    }
}

const BASE: u64 = 0x40_0000;

/// Writes the program into a directory of its own, which goes when the directory is dropped. Ends with `exit(0)`
/// unless a step ends it.
pub(crate) fn program(width: Width, steps: &[Step]) -> (TempDir, PathBuf) {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("machine");
    fs::write(&path, image(width, steps)).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
    (directory, path)
}

/// The bytes of the program.
pub(crate) fn image(width: Width, steps: &[Step]) -> Vec<u8> {
    let exit = if width.is_native() { syscalls::Sysno::exit_group as u32 } else { 252 };
    let mut steps = steps.to_vec();
    steps.push(call(exit, [0]));
    let header = if width.is_native() { 120 } else { 84 };
    // Addresses do not change the length of the code: what they are is known in the second round.
    let length = code(width, &steps, 0).0.len();
    let (code, data) = code(width, &steps, BASE + header + length as u64);
    let mut image = elf(width, BASE, header + (code.len() + data.len()) as u64);
    image.extend(code);
    image.extend(data);
    image
}

/// Machine code and the data behind it, which begins at `data_at`.
fn code(width: Width, steps: &[Step], data_at: u64) -> (Vec<u8>, Vec<u8>) {
    let (mut code, mut data) = (Vec::new(), Vec::new());
    for step in steps {
        match step {
            Step::Call(number, arguments) => {
                let values: Vec<_> =
                    arguments.iter().map(|it| place(width, it, data_at, &mut data)).collect();
                code.extend(call_code(width, *number, &values));
            }
            Step::Keep(number) => code.extend(KEEP[*number]),
            Step::Store(number, offset, value) => {
                let value = place(width, value, data_at, &mut data);
                code.extend(store_code(*number, *offset, value));
            }
            Step::ExitUnlessZero => code.extend(EXIT_UNLESS_ZERO),
        }
    }
    (code, data)
}

fn place(width: Width, argument: &Argument, data_at: u64, data: &mut Vec<u8>) -> u64 {
    match argument {
        Argument::Number(value) => *value,
        Argument::Bytes(bytes) => put(bytes, data_at, data),
        Argument::Texts(texts) => {
            let size = if width.is_native() { 8 } else { 4 };
            let mut pointers = Vec::new();
            for text in texts {
                let address = put(&[text.as_bytes(), b"\0"].concat(), data_at, data);
                pointers.extend(&address.to_le_bytes()[..size]);
            }
            pointers.extend(&[0; 8][..size]);
            put(&pointers, data_at, data)
        }
    }
}

fn put(bytes: &[u8], data_at: u64, data: &mut Vec<u8>) -> u64 {
    let address = data_at + data.len() as u64;
    data.extend(bytes);
    address
}

#[cfg(target_arch = "x86_64")]
fn call_code(width: Width, number: u32, values: &[u64]) -> Vec<u8> {
    let mut code = Vec::new();
    if width.is_native() {
        // mov rdi, rsi, rdx, r10, r8, r9
        let registers =
            [[0x48, 0xbf], [0x48, 0xbe], [0x48, 0xba], [0x49, 0xba], [0x49, 0xb8], [0x49, 0xb9]];
        for (register, value) in registers.iter().zip(values) {
            code.extend(register);
            code.extend(value.to_le_bytes());
        }
    } else {
        // mov ebx, ecx, edx, esi, edi, ebp
        for (register, value) in [0xbb, 0xb9, 0xba, 0xbe, 0xbf, 0xbd].iter().zip(values) {
            code.push(*register);
            code.extend(&value.to_le_bytes()[..4]);
        }
    }
    code.push(0xb8); // mov eax
    code.extend(number.to_le_bytes());
    code.extend(if width.is_native() { [0x0f, 0x05] } else { [0xcd, 0x80] });
    code
}

/// `mov rbx, rax`, `mov rbp, rax`
#[cfg(target_arch = "x86_64")]
const KEEP: [[u8; 3]; 2] = [[0x48, 0x89, 0xc3], [0x48, 0x89, 0xc5]];

/// `mov rax, value; mov [rbx + offset], rax`
#[cfg(target_arch = "x86_64")]
fn store_code(number: usize, offset: u32, value: u64) -> Vec<u8> {
    let register = [0x83, 0x85][number];
    let (value, offset) = (value.to_le_bytes(), offset.to_le_bytes());
    [&[0x48, 0xb8][..], &value, &[0x48, 0x89, register], &offset].concat()
}

/// `test eax, eax; je +9; xor edi, edi; mov eax, 231; syscall`
#[cfg(target_arch = "x86_64")]
const EXIT_UNLESS_ZERO: [u8; 13] = [0x85, 0xc0, 0x74, 9, 0x31, 0xff, 0xb8, 231, 0, 0, 0, 0x0f, 5];

#[cfg(target_arch = "aarch64")]
fn call_code(_: Width, number: u32, values: &[u64]) -> Vec<u8> {
    let mut code = Vec::new();
    for (register, value) in (0..).zip(values.iter().copied()).chain([(8, u64::from(number))]) {
        code.extend(move_code(register, value));
    }
    code.extend(0xd400_0001_u32.to_le_bytes()); // svc 0
    code
}

/// `movz`, and `movk` for the other three parts.
#[cfg(target_arch = "aarch64")]
fn move_code(register: u32, value: u64) -> Vec<u8> {
    let mut code = Vec::new();
    for (shift, instruction) in
        [(0, 0xd280_0000_u32), (16, 0xf2a0_0000), (32, 0xf2c0_0000), (48, 0xf2e0_0000)]
    {
        let part = u32::try_from((value >> shift) & 0xffff).unwrap();
        code.extend((instruction | part << 5 | register).to_le_bytes());
    }
    code
}

/// `mov x19, x0`, `mov x20, x0`
#[cfg(target_arch = "aarch64")]
const KEEP: [[u8; 4]; 2] = [[0xf3, 3, 0, 0xaa], [0xf4, 3, 0, 0xaa]];

/// `str x9, [x19, x10]`
#[cfg(target_arch = "aarch64")]
fn store_code(number: usize, offset: u32, value: u64) -> Vec<u8> {
    let store = [0xf82a_6a69_u32, 0xf82a_6a89][number].to_le_bytes();
    [move_code(9, value), move_code(10, offset.into()), store.to_vec()].concat()
}

/// `cbz x0, +16; mov x0, 0; mov x8, 94; svc 0`
#[cfg(target_arch = "aarch64")]
const EXIT_UNLESS_ZERO: [u8; 16] =
    [0x80, 0, 0, 0xb4, 0, 0, 0x80, 0xd2, 0xc8, 0x0b, 0x80, 0xd2, 1, 0, 0, 0xd4];

/// The headers of an executable of one segment that holds everything, `size` bytes at `base`. What follows them is what
/// is executed.
pub(crate) fn elf(width: Width, base: u64, size: u64) -> Vec<u8> {
    let machine: u16 = match (width.is_native(), cfg!(target_arch = "x86_64")) {
        (true, true) => 62,
        (true, false) => 183,
        (false, _) => 3,
    };
    let class = if width.is_native() { 2 } else { 1 };
    let mut bytes = [0x7f, b'E', b'L', b'F', class, 1, 1].to_vec();
    bytes.resize(16, 0);
    let mut put = |value: u64, size: usize| bytes.extend(&value.to_le_bytes()[..size]);
    let word = if width.is_native() { 8 } else { 4 };
    let header = if width.is_native() { 64 } else { 52 };
    let segment = if width.is_native() { 56 } else { 32 };
    put(2, 2); // an executable
    put(u64::from(machine), 2);
    put(1, 4);
    put(base + header + segment, word); // where it starts
    put(header, word); // where the segments are described
    put(0, word);
    put(0, 4);
    for value in [header, segment, 1, 0, 0, 0] {
        put(value, 2);
    }
    put(1, 4); // load
    if width.is_native() {
        put(7, 4);
    }
    for value in [0, base, base, size, size] {
        put(value, word);
    }
    if !width.is_native() {
        put(7, 4);
    }
    put(0x1_0000, word);
    bytes
}
