//! Names of system calls in libscap's portable numbering (`ppm_sc`).

use crate::table::EventType;

include!(concat!(env!("OUT_DIR"), "/syscalls.rs"));

impl EventType {
    /// Portable codes of the system calls and tracepoints that this type stands for; empty for meta events
    /// and for layouts that are no longer produced.
    pub fn syscalls(self) -> &'static [u16] {
        BY_TYPE.get(usize::from(self.code())).copied().unwrap_or_default()
    }
}

/// The name of a portable system call code; `None` for codes of newer schemas. Code 0 is `unknown`.
pub fn syscall_name(code: u16) -> Option<&'static str> {
    NAMES.get(usize::from(code)).copied()
}

/// Every name, indexed by portable code; tracepoints such as `sched_switch` are among them.
pub fn syscall_names() -> &'static [&'static str] {
    &NAMES
}

/// The portable code of a system call number of x86-64; 0 (`unknown`) when there is none.
///
/// Captures of newer recorders carry a code that their schema did not know as 0 and the number beside it.
pub fn syscall_of_x86_64(number: u16) -> u16 {
    X86_64.get(usize::from(number)).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: EventType, expected: &[&str]) {
        let names: Vec<_> = kind.syscalls().iter().filter_map(|&code| syscall_name(code)).collect();
        assert_eq!(names, expected);
    }

    #[test]
    fn event_types_name_their_system_calls() {
        check(EventType::OpenX, &["open"]);
        check(EventType::SendmmsgX, &["sendmmsg"]);
        check(EventType::ProcexitV1E, &["sched_process_exit"]);
        check(EventType::AsynceventE, &[]);
        assert!(EventType::GenericX.syscalls().len() > 200);
    }

    #[test]
    fn x86_64_numbers_translate() {
        assert_eq!(syscall_name(syscall_of_x86_64(59)), Some("execve"));
        assert_eq!(syscall_name(syscall_of_x86_64(400)), Some("unknown"));
        assert_eq!(syscall_name(syscall_of_x86_64(u16::MAX)), Some("unknown"));
    }

    #[test]
    fn codes_beyond_the_table_have_no_name() {
        assert_eq!(syscall_names().len(), 454);
        assert_eq!(syscall_name(454), None);
    }
}
