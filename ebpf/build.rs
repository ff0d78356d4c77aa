//! Compiles the probes with clang, once for each way to attach them, for the target's architecture.

#![expect(clippy::expect_used, clippy::exit, reason = "a failing build is the answer to bad input")]

use std::{
    env,
    ffi::OsString,
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, exit},
};

use event::EventType;
use flate2::{Compression, write::ZlibEncoder};
use object::{Object as _, ObjectSection as _};

fn main() {
    println!("cargo::rerun-if-changed=bpf");
    println!("cargo::rerun-if-env-changed=CLANG");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::write(out.join("event_types.h"), event_types()).expect("OUT_DIR is writable");
    let clang = find_clang();
    let strip = find_strip(&clang);
    compile(&clang, &out, "dispatcher", &[]);
    compile(&clang, &out, "fexit", &["-DATTACH_FEXIT"]);
    for name in ["dispatcher", "fexit"] {
        let object = out.join(format!("{name}.bpf.o"));
        strip_debug(&strip, &object);
        drop_lines(&object);
        pack(&object);
    }
}

/// The strip that belongs to `clang`, or the one without a version.
fn find_strip(clang: &OsString) -> OsString {
    let clang = clang.to_string_lossy();
    let version = clang.rsplit_once("clang").map_or("", |(_, version)| version);
    [format!("llvm-strip{version}"), "llvm-strip".to_owned()]
        .into_iter()
        .find(|name| Command::new(name).arg("--version").output().is_ok())
        .map_or_else(
            || fail("llvm-strip is missing. On Debian or Ubuntu: apt-get install llvm-19"),
            OsString::from,
        )
}

/// Takes out what is for debuggers: most of the object, which would be carried and parsed at each start.
/// Type information stays.
fn strip_debug(strip: &OsString, object: &Path) {
    let stripped = Command::new(strip).arg("-g").arg(object).status();
    if !stripped.is_ok_and(|status| status.success()) {
        fail(&format!("{} -g {} failed", strip.display(), object.display()));
    }
}

/// `CLANG` if it is set, else the newest that is installed.
fn find_clang() -> OsString {
    if let Some(clang) = env::var_os("CLANG") {
        return clang;
    }
    let versioned = (14..=22).rev().map(|version| format!("clang-{version}"));
    versioned
        .chain(["clang".to_owned()])
        .find(|name| Command::new(name).arg("--version").output().is_ok())
        .map_or_else(
            || {
                fail(
                    "clang is missing: the probes are C and need it to be compiled. \
                     On Debian or Ubuntu: apt-get install clang-19 libbpf-dev linux-libc-dev \
                     (or run ./test.sh, which installs them). CLANG=/path/to/clang names another one.",
                )
            },
            OsString::from,
        )
}

fn compile(clang: &OsString, out: &Path, name: &str, flags: &[&str]) {
    let (define, headers) = match env::var("CARGO_CFG_TARGET_ARCH").as_deref() {
        Ok("x86_64") => ("-D__TARGET_ARCH_x86", "x86_64-linux-gnu"),
        Ok("aarch64") => ("-D__TARGET_ARCH_arm64", "aarch64-linux-gnu"),
        other => fail(&format!("no probes for this architecture: {other:?}")),
    };
    // <asm/types.h> is the same for every architecture; a cross build has the host's only.
    let includes = [headers, "x86_64-linux-gnu", "aarch64-linux-gnu"]
        .map(|it| format!("/usr/include/{it}"))
        .into_iter()
        .filter(|it| Path::new(it).join("asm/types.h").exists())
        .take(1)
        .map(|it| format!("-I{it}"));
    let output = Command::new(clang)
        .args(["-g", "-O2", "-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter"])
        .args(["-target", "bpf", "-mcpu=v2", define, "-Ibpf", "-Ibpf/include"])
        .arg(format!("-I{}", out.display()))
        .args(includes)
        .args(flags)
        .args(["-c", "bpf/probes.bpf.c", "-o"])
        .arg(out.join(format!("{name}.bpf.o")))
        .output()
        .unwrap_or_else(|error| fail(&format!("{}: {error}", clang.display())));
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        let hint = if text.contains("bpf_helpers.h") || text.contains("linux/") {
            "\nA header is missing. On Debian or Ubuntu: apt-get install libbpf-dev linux-libc-dev"
        } else {
            ""
        };
        fail(&format!("{} does not compile bpf/probes.bpf.c:\n{text}{hint}", clang.display()));
    }
}

/// Takes the table of source lines out of the type information. Verifier logs show fewer comments without it,
/// but the loader would keep a copy of the whole table for each program: 300 MB at each start.
fn drop_lines(path: &Path) {
    /// Offset of `line_info_len` in `struct btf_ext_header`.
    const LENGTH_OFFSET: u64 = 20;

    let mut bytes = fs::read(path).expect("the object was just written");
    let object = object::File::parse(&*bytes).expect("clang writes valid objects");
    let section = object.section_by_name(".BTF.ext").expect("clang -g writes type information");
    let (start, _) = section.file_range().expect("the section has bytes");
    let at = usize::try_from(start + LENGTH_OFFSET).expect("the object is small");
    let length = bytes.get_mut(at..at + 4).expect("the section has a header");
    length.fill(0);
    fs::write(path, bytes).expect("OUT_DIR is writable");
}

/// Packs the object: the loader unpacks it for the moment that it needs it.
fn pack(path: &Path) {
    let bytes = fs::read(path).expect("the object was just written");
    let packed = fs::File::create(path.with_extension("o.z")).expect("OUT_DIR is writable");
    let mut encoder = ZlibEncoder::new(packed, Compression::best());
    encoder.write_all(&bytes).and_then(|()| encoder.try_finish()).expect("OUT_DIR is writable");
}

/// The numbers of all event types, of their parameters, and of the bytes of those (0 if they vary), as
/// `EVENT_CLOSE_X`, `EVENT_CLOSE_X_PARAMS` and `EVENT_CLOSE_X_BYTES`.
fn event_types() -> String {
    let mut text = "/* Generated from event/data/events.json. */\n".to_owned();
    for kind in EventType::all() {
        let name = screaming(&format!("{kind:?}"));
        let (code, params) = (kind.code(), kind.info().params.len());
        let bytes = kind.info().params.iter().map(|param| param.kind.fixed_size());
        let bytes = bytes.sum::<Option<usize>>().unwrap_or(0);
        writeln!(
            text,
            "#define EVENT_{name} {code}\n#define EVENT_{name}_PARAMS {params}\n#define EVENT_{name}_BYTES {bytes}"
        )
        .expect("a String takes all text");
    }
    text
}

/// `ExecveV19X` becomes `EXECVE_V19_X`.
fn screaming(name: &str) -> String {
    let mut text = String::new();
    for (index, letter) in name.char_indices() {
        if letter.is_ascii_uppercase() && index > 0 {
            text.push('_');
        }
        text.push(letter.to_ascii_uppercase());
    }
    text
}

fn fail(message: &str) -> ! {
    for line in message.lines() {
        println!("cargo::error={line}");
    }
    exit(1)
}
