//! The probe of a system call: its programs, and the functions of the kernel that they hang on.

use crate::{probe::CALLS, selection::Selection};

/// The probe of one system call; its program is `call_<name>`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call {
    /// Falco's name, which is the kernel's but for a few.
    pub(crate) name: &'static str,
    /// The kernel's function without its prefix, where it differs from the name.
    function: Option<&'static str>,
    /// The same for 32-bit calls, where it differs from that.
    compat_function: Option<&'static str>,
    /// 32-bit calls pass by the function of 64-bit ones though they have one of their own.
    is_shared: bool,
    /// A second function of 32-bit calls.
    old_function: Option<&'static str>,
    /// The call of 64-bit programs whose place it has in 32-bit ones: who wants that wants this.
    pub(super) native: Option<&'static str>,
}

impl Call {
    pub(super) const fn new(name: &'static str) -> Self {
        Self {
            name,
            function: None,
            compat_function: None,
            is_shared: false,
            old_function: None,
            native: None,
        }
    }

    /// The row of a call, or what would be one if it followed the rule.
    pub(crate) fn of_name(name: &'static str) -> Self {
        CALLS.iter().find(|call| call.name == name).copied().unwrap_or(Self::new(name))
    }

    /// A call that the kernel defines under another name, `SYSCALL_DEFINE(function, …)`.
    pub(super) const fn of_function(name: &'static str, function: &'static str) -> Self {
        Self { function: Some(function), ..Self::new(name) }
    }

    /// A call that has a function of its own for 32-bit programs.
    pub(super) const fn and_compat(self, function: &'static str) -> Self {
        Self { compat_function: Some(function), ..self }
    }

    /// A call whose function serves 32-bit programs too: there is another one for them, which other architectures
    /// use.
    pub(super) const fn shared(self) -> Self {
        Self { is_shared: true, ..self }
    }

    /// A call that 32-bit programs can also come to by an older number, which has a function of its own.
    pub(super) const fn and_old(self, function: &'static str) -> Self {
        Self { old_function: Some(function), ..self }
    }

    /// A call of 32-bit programs only, in the place of `native`.
    pub(super) const fn instead_of(self, native: &'static str) -> Self {
        Self { native: Some(native), ..self }
    }

    /// Whether `selection` wants it, by its own name or by that of 64-bit programs.
    pub(crate) fn is_wanted(&self, selection: &Selection) -> bool {
        selection.contains(self.name) || self.native.is_some_and(|it| selection.contains(it))
    }

    /// Whether no 64-bit program can call it.
    pub(crate) const fn is_compat_only(&self) -> bool {
        self.native.is_some()
    }

    /// Name of the program.
    pub(crate) fn program(&self) -> String {
        format!("call_{}", self.name)
    }

    /// Name of the program for 32-bit calls, in the fexit object.
    pub(crate) fn compat_program(&self) -> String {
        format!("compat_{}", self.name)
    }

    /// Name of the program for the call by way of `socketcall`, in the fexit object of x86.
    pub(crate) fn socketcall_program(&self) -> String {
        format!("socketcall_{}", self.name)
    }

    /// The kernel's functions; the first that it describes is the one. Of calls without arguments some
    /// kernels describe the common body under its own name alone.
    pub(crate) fn kernel_functions(&self) -> [String; 2] {
        let prefix = if cfg!(target_arch = "aarch64") { "__arm64_sys_" } else { "__x64_sys_" };
        let function = self.function.unwrap_or(self.name);
        [format!("{prefix}{function}"), format!("__do_sys_{function}")]
    }

    /// The kernel's functions for 32-bit calls; the first that exists is the one.
    pub(crate) fn compat_functions(&self) -> [String; 2] {
        let function = self.compat_function.or(self.function).unwrap_or(self.name);
        let [own, shared] = compat_functions(function);
        if self.is_shared { [shared, own] } else { [own, shared] }
    }

    /// The program for 32-bit calls by an older number, in the fexit object, and the kernel's functions; the first
    /// that exists is the one.
    pub(crate) fn old_program(&self) -> Option<(String, [String; 2])> {
        self.old_function.map(|it| (format!("old_{}", self.name), compat_functions(it)))
    }
}

fn compat_functions(function: &str) -> [String; 2] {
    [format!("__ia32_compat_sys_{function}"), format!("__ia32_sys_{function}")]
}
