//! Which operators a type has, with Falco's messages for those it has not.

use super::operator::{Modifier, Operator};
use super::source::Shape;
use crate::value::ValueType;

/// Refuses an operator that values of `shape` do not have.
pub(super) fn check(
    operator: Operator,
    modifier: Option<Modifier>,
    shape: Shape,
) -> Result<(), String> {
    if operator == Operator::Exists {
        return Ok(());
    }
    // Both spellings of equality have one name.
    let name = if operator == Operator::DoubleEqual { "=" } else { operator.text() };
    if shape.is_list {
        return check_list(operator, name, shape.value_type);
    }
    let refused_for = match group(shape.value_type) {
        Group::Number => (!is_order(operator)).then_some("numeric filters"),
        Group::Bool => (!is_equality(operator)).then_some("numeric filters"),
        Group::Address => (!is_equality(operator)).then_some("ip address and network filters"),
        Group::Text => matches!(operator, Operator::BContains | Operator::BStartsWith)
            .then_some("string filters"),
        Group::Buffer => (!is_buffer(operator)).then_some("buffer filters"),
        Group::Other => {
            let type_name = shape.value_type.name();
            return Err(format!("'{name}' operator not supported for type '{type_name}'"));
        }
    };
    match refused_for {
        None => Ok(()),
        Some(kind) if modifier.is_some() && group(shape.value_type) == Group::Address => {
            Err(format!("'{name}' with modifier not supported for {kind}"))
        }
        Some(kind) => Err(format!("'{name}' operator not supported for {kind}")),
    }
}

fn check_list(operator: Operator, name: &str, value_type: ValueType) -> Result<(), String> {
    let has_lists = matches!(
        value_type,
        ValueType::Charbuf
            | ValueType::Uint64
            | ValueType::Reltime
            | ValueType::Abstime
            | ValueType::Bool
            | ValueType::Ipaddr
            | ValueType::Ipnet
    );
    if !has_lists {
        return Err(format!("list filters are not supported for type '{}'", value_type.name()));
    }
    if matches!(operator, Operator::In | Operator::Intersects) {
        Ok(())
    } else {
        Err(format!("'{name}' operator not supported list filters"))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    Number,
    Bool,
    Address,
    Text,
    Buffer,
    Other,
}

fn group(value_type: ValueType) -> Group {
    match value_type {
        ValueType::Int8
        | ValueType::Int16
        | ValueType::Int32
        | ValueType::Int64
        | ValueType::Uint8
        | ValueType::Uint16
        | ValueType::Uint32
        | ValueType::Uint64
        | ValueType::Double
        | ValueType::Port
        | ValueType::Reltime
        | ValueType::Abstime
        | ValueType::Errno
        | ValueType::Fd
        | ValueType::Pid
        | ValueType::Syscallid
        | ValueType::Sigtype
        | ValueType::Mode
        | ValueType::Flags8
        | ValueType::Flags16
        | ValueType::Flags32
        | ValueType::Enumflags8
        | ValueType::Enumflags16
        | ValueType::Enumflags32 => Group::Number,
        ValueType::Bool => Group::Bool,
        ValueType::Ipaddr | ValueType::Ipv4addr | ValueType::Ipv6addr | ValueType::Ipnet => {
            Group::Address
        }
        ValueType::Charbuf | ValueType::Fspath | ValueType::Fsrelpath => Group::Text,
        ValueType::Bytebuf => Group::Buffer,
        ValueType::Uid
        | ValueType::Gid
        | ValueType::Sigset
        | ValueType::Sockaddr
        | ValueType::Socktuple
        | ValueType::Fdlist
        | ValueType::Charbufarray
        | ValueType::CharbufPairArray
        | ValueType::Dyn => Group::Other,
    }
}

fn is_equality(operator: Operator) -> bool {
    matches!(
        operator,
        Operator::Equal
            | Operator::DoubleEqual
            | Operator::NotEqual
            | Operator::In
            | Operator::Intersects
    )
}

fn is_order(operator: Operator) -> bool {
    is_equality(operator) || operator.takes_number()
}

fn is_buffer(operator: Operator) -> bool {
    is_equality(operator)
        || matches!(
            operator,
            Operator::Contains
                | Operator::StartsWith
                | Operator::EndsWith
                | Operator::BContains
                | Operator::BStartsWith
        )
}
