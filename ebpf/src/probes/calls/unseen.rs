//! System calls that happen and that no program sees.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::{BufRead, BufReader},
};

use crate::probe::Call;

/// Where a kernel lists its functions.
const SYMBOLS: &str = "/proc/kallsyms";

/// Why nothing hangs on a function.
const REASON: &str =
    "no program can hang on its function: the kernel's types do not describe it, or it is taken";

/// Wanted calls whose functions no program hangs on.
#[derive(Debug, Default)]
pub(super) struct Unseen {
    /// Of those that the kernel has, by name.
    missing: BTreeMap<&'static str, &'static str>,
    /// Those of which nobody has looked yet whether the kernel has them.
    open: Vec<Call>,
}

impl Unseen {
    /// Nothing hangs on the function of this call.
    pub(super) fn add(&mut self, call: Call) {
        self.forget(call.name);
        self.open.push(call);
    }

    /// It is of no interest any more.
    pub(super) fn forget(&mut self, name: &str) {
        self.missing.remove(name);
        self.open.retain(|call| call.name != name);
    }

    /// Keeps those that the kernel has: what it lacks cannot happen on it. If it does not tell, it may have them all.
    pub(super) fn settle(&mut self) {
        if self.open.is_empty() {
            return;
        }
        let functions = self.open.iter().flat_map(Call::kernel_functions).collect();
        let defined = File::open(SYMBOLS).ok().map(|it| defined(BufReader::new(it), &functions));
        let happens = |call: &Call| {
            let mut functions = call.kernel_functions().into_iter();
            defined.as_ref().is_none_or(|it| functions.any(|function| it.contains(&function)))
        };
        self.missing.extend(self.open.drain(..).filter(happens).map(|call| (call.name, REASON)));
    }

    /// What is missing, and why.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.missing.iter().map(|(name, reason)| (*name, *reason))
    }
}

/// Which of `functions` are among `symbols`: lines of address, type and name.
fn defined(symbols: impl BufRead, functions: &BTreeSet<String>) -> BTreeSet<String> {
    let lines = symbols.lines().map_while(Result::ok);
    let names = lines.filter_map(|line| line.split_ascii_whitespace().nth(2).map(str::to_owned));
    names.filter(|name| functions.contains(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(symbols: &str, expected: &[&str]) {
        let functions = ["__do_sys_close", "__x64_sys_close"].map(str::to_owned).into();
        let found = defined(symbols.as_bytes(), &functions);
        assert_eq!(Vec::from_iter(found), expected);
    }

    #[test]
    fn functions_are_found_by_their_whole_name() {
        check("0 T __x64_sys_close_range\n0 T __x64_sys_close\n", &["__x64_sys_close"]);
    }

    #[test]
    fn functions_of_modules_and_other_lines_do_no_harm() {
        check("0 t __do_sys_close\t[module]\n\nffff\n0 T\n", &["__do_sys_close"]);
    }
}
