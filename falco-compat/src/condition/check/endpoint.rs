//! `fd.ip`, `fd.port`, `fd.net` and the names of addresses: fields that look at both ends.
//!
//! Falco compares them by hand, and with gaps that are kept: `fd.ip in` never holds, `fd.net in`
//! sees only the first network, and `exists` holds for every fd.

use super::super::operator::Operator;
use super::test::Test;
use crate::field::{Context, FieldRef};

/// How both ends are compared.
#[derive(Clone, Debug)]
pub(super) struct Endpoint {
    pub(super) mode: EndpointMode,
    /// Has a value whenever the fd is a connection whose client is known.
    pub(super) connection: FieldRef,
}

/// What is asked of the ends.
#[derive(Clone, Debug)]
pub(super) enum EndpointMode {
    /// There is an fd.
    Exists,
    /// An end passes.
    Any(Test),
    /// There is an end, and all pass.
    All(Test),
    /// The only end, that of a listening socket, passes.
    Only(Test),
    /// The name of an address passes; names are not looked up, so that mostly there is none, and
    /// then only `!=` holds, for connections.
    Name { operator: Operator, test: Test },
}

impl Endpoint {
    pub(super) fn matches(&self, field: &FieldRef, ctx: &Context<'_>) -> bool {
        let test = match &self.mode {
            EndpointMode::Exists => return ctx.has_fd(),
            EndpointMode::Name { operator, test } => {
                return match ctx.extract(field) {
                    Some(value) => test.matches(value),
                    None => {
                        *operator == Operator::NotEqual && ctx.extract(&self.connection).is_some()
                    }
                };
            }
            EndpointMode::Any(test) | EndpointMode::All(test) | EndpointMode::Only(test) => test,
        };
        let (mut ends, mut passing) = (0, 0);
        ctx.extract_all(field, &mut |value| {
            ends += 1;
            passing += usize::from(test.matches(value));
            false
        });
        match &self.mode {
            EndpointMode::All(_) => ends > 0 && ends == passing,
            EndpointMode::Only(_) => ends == 1 && passing == 1,
            EndpointMode::Any(_) | EndpointMode::Exists | EndpointMode::Name { .. } => passing > 0,
        }
    }
}
