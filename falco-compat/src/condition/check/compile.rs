//! From a check of the tree to a compiled one, in the order in which Falco finds fault.

use std::fmt::Write as _;

use event::{EventType, syscall_names};

use super::super::ast::{CheckExpr, Operand, Position};
use super::super::compile::CompileWarning;
use super::super::literal::{Literal, unhex};
use super::super::number::NumberKind;
use super::super::operator::Operator;
use super::super::regex::FullRegex;
use super::super::source::{self, Typed};
use super::super::{advice, comparable, event_types};
use super::endpoint::{Endpoint, EndpointMode};
use super::list::ListTest;
use super::raw::RawTest;
use super::right::RightTest;
use super::test::Test;
use super::{Access, Check};
use crate::field::event::EventField;
use crate::field::fd::FdField;
use crate::field::process::ProcessField;
use crate::field::{Argument, FieldId, FieldRef};
use crate::value::ValueType;

/// Compiles one check and adds what a person should know of it to `warnings`.
pub(in super::super) fn compile(
    expr: &CheckExpr,
    warnings: &mut Vec<CompileWarning>,
) -> Result<Check, String> {
    let left = source::compile(&expr.left)?;
    comparable::check(expr.operator, expr.modifier, left.shape)
        .map_err(|message| format!("filter error: {message}"))?;
    let (access, texts) = match &expr.right {
        None => (access(&left, expr, &[], Vec::new())?, Vec::new()),
        Some(Operand::Value(value)) => {
            constants(&left, expr, value.position, std::slice::from_ref(&value.text), warnings)?
        }
        Some(Operand::List(list)) => constants(&left, expr, list.position, &list.values, warnings)?,
        Some(right) => (right_side(&left, expr.operator, right)?, Vec::new()),
    };
    Ok(Check {
        text: expr.to_string().into(),
        key: key(expr).into(),
        left,
        operator: expr.operator,
        modifier: expr.modifier,
        texts: texts.into(),
        access,
    })
}

type Constants = (Access, Vec<Box<[u8]>>);

fn constants(
    left: &Typed,
    expr: &CheckExpr,
    position: Position,
    values: &[String],
    warnings: &mut Vec<CompileWarning>,
) -> Result<Constants, String> {
    let mut literals = Vec::with_capacity(values.len());
    let mut texts = Vec::with_capacity(values.len());
    for value in values {
        advice::add(expr.operator, position, value, warnings);
        literals.push(literal(left, expr.operator, value)?);
        texts.push(super::super::text::c_str(value.as_bytes()).into());
    }
    Ok((access(left, expr, values, literals)?, texts))
}

fn literal(left: &Typed, operator: Operator, value: &str) -> Result<Literal, String> {
    let field = left.innermost_field();
    let is_raw = field.is_some_and(|it| it.id() == FieldId::Event(EventField::Rawarg));
    let parsed = if matches!(operator, Operator::BContains | Operator::BStartsWith) {
        let bytes = unhex(value).ok_or_else(|| {
            "filter error: bcontains and bstartswith operator support hex strings only".to_owned()
        })?;
        Literal::buffer(&bytes)?
    } else if left.shape.value_type == ValueType::Bytebuf && !is_raw {
        Literal::buffer(value.as_bytes())?
    } else {
        Literal::parse(value, left.shape.value_type)?
    };
    match field.map(FieldRef::id) {
        Some(FieldId::Event(EventField::Type)) if !is_event_name(value) => {
            return Err(format!("unknown event type {value}"));
        }
        Some(FieldId::Event(EventField::Around))
            if !matches!(operator, Operator::Equal | Operator::DoubleEqual) =>
        {
            return Err("evt.around supports only '=' comparison operator".to_owned());
        }
        _ => {}
    }
    if operator == Operator::Regex {
        FullRegex::new(value).map_err(|error| format!("invalid regex pattern: {error}"))?;
    }
    Ok(parsed)
}

/// Event types, system calls and asynchronous events have names.
fn is_event_name(name: &str) -> bool {
    EventType::all().iter().any(|kind| kind.info().name == name)
        || syscall_names().iter().any(|known| event_types::assigned(known) == name)
        || event_types::ASYNC_NAMES.contains(&name)
}

/// How the left side is compared with `literals`.
fn access(
    left: &Typed,
    expr: &CheckExpr,
    values: &[String],
    literals: Vec<Literal>,
) -> Result<Access, String> {
    let operator = expr.operator;
    if let Some(field) = left.field()
        && let Some(access) = special(field, operator, values, &literals)?
    {
        return Ok(access);
    }
    if operator == Operator::Exists {
        return Ok(Access::Exists);
    }
    if left.shape.is_list {
        return Ok(Access::List(ListTest::new(operator, literals)));
    }
    Test::new(operator, expr.modifier, left.shape.value_type, &literals).map(Access::One)
}

/// Fields that Falco compares by code of their own. That code knows no modifiers: only the first
/// constant counts.
fn special(
    field: &FieldRef,
    operator: Operator,
    values: &[String],
    literals: &[Literal],
) -> Result<Option<Access>, String> {
    let value_type = field.value_type();
    let test = || Test::new(operator, None, value_type, literals);
    let access = match field.id() {
        FieldId::Process(id) if visits_ancestors(id, field.argument()) => {
            let is_member = matches!(operator, Operator::In | Operator::Intersects);
            Access::AnyAncestor(match operator {
                Operator::Exists => None,
                // Falco looks the number up without its length and never finds it.
                _ if is_member && id == ProcessField::Apid => Some(Test::Never),
                _ => Some(test()?),
            })
        }
        FieldId::Fd(id) => match endpoint_mode(id, operator, value_type, literals)? {
            None => return Ok(None),
            Some(mode) => {
                let connection = FieldRef::resolve("fd.cip").map_err(|error| error.to_string())?;
                Access::Endpoint(Box::new(Endpoint { mode, connection }))
            }
        },
        FieldId::Event(EventField::Rawarg) => {
            let Argument::Parameter(slots) = field.argument() else { return Ok(None) };
            let memory = literals.iter().map(|literal| literal.memory(value_type)).collect();
            Access::Raw(RawTest::new(slots.clone(), operator, memory)?)
        }
        FieldId::Event(EventField::Around) => {
            let Argument::Time(time_ns) = field.argument() else { return Ok(None) };
            let kind = NumberKind::of(ValueType::Uint64);
            let window_ms = values.first().and_then(|value| kind?.parse(value)).unwrap_or(0);
            Access::Around { time_ns: *time_ns, delta_ns: window_ms.wrapping_mul(1_000_000) }
        }
        _ => return Ok(None),
    };
    Ok(Some(access))
}

fn visits_ancestors(id: ProcessField, argument: &Argument) -> bool {
    match id {
        ProcessField::Apid
        | ProcessField::Aname
        | ProcessField::Aexe
        | ProcessField::Aexepath
        | ProcessField::Acmdline => matches!(argument, Argument::None | Argument::Index(-1)),
        // A level does not restrict the ancestors here, only a variable's name does.
        ProcessField::Aenv => !matches!(argument, Argument::Key(_)),
        _ => false,
    }
}

fn endpoint_mode(
    id: FdField,
    operator: Operator,
    value_type: ValueType,
    literals: &[Literal],
) -> Result<Option<EndpointMode>, String> {
    let is_name =
        matches!(id, FdField::CipName | FdField::SipName | FdField::LipName | FdField::RipName);
    let is_end = matches!(id, FdField::Ip | FdField::Port | FdField::Proto | FdField::Net);
    if !is_name && !is_end {
        return Ok(None);
    }
    if operator == Operator::Exists {
        return Ok(Some(EndpointMode::Exists));
    }
    // Networks are looked up by the first one only.
    let seen = if id == FdField::Net { literals.get(..1).unwrap_or_default() } else { literals };
    let test = Test::new(operator, None, value_type, seen)?;
    Ok(Some(match (id, operator) {
        _ if is_name => EndpointMode::Name { operator, test },
        (_, Operator::NotEqual) => EndpointMode::All(test),
        (FdField::Net, Operator::Intersects) => EndpointMode::Only(test),
        (FdField::Ip, Operator::In) | (_, Operator::Intersects) => EndpointMode::Any(Test::Never),
        _ => EndpointMode::Any(test),
    }))
}

fn right_side(left: &Typed, operator: Operator, right: &Operand) -> Result<Access, String> {
    let right = source::compile(right)?;
    if matches!(operator, Operator::Pmatch | Operator::Regex) {
        let name = operator.text().to_ascii_uppercase();
        return Err(format!("operator '{name}' doesn't support right-hand side fields"));
    }
    if left.shape.value_type == ValueType::Ipnet {
        return Err("field type 'IPNET' doesn't support right-hand side fields".to_owned());
    }
    if !left.allows_right_fields() {
        return Err(format!("field '{}' doesn't support right-hand side fields", left.name));
    }
    if !right.allows_right_fields() {
        return Err(format!("field '{}' can't be used as a right-hand side field", right.name));
    }
    if left.shape != right.shape {
        let list = |typed: &Typed| if typed.shape.is_list { " (list)" } else { "" };
        return Err(format!(
            "field '{}' has type '{}{}' while the right-hand side field '{}' has incompatible \
             type '{}{}'",
            left.name,
            left.shape.value_type.name(),
            list(left),
            right.name,
            right.shape.value_type.name(),
            list(&right)
        ));
    }
    let shape = left.shape;
    Ok(Access::Right(Box::new(RightTest { right: right.source, operator, shape })))
}

/// The canonical form with every constant in quotes and one spelling of equality.
fn key(expr: &CheckExpr) -> String {
    let mut out = String::new();
    write_key(&mut out, &expr.left);
    let operator =
        if expr.operator == Operator::DoubleEqual { Operator::Equal } else { expr.operator };
    out.push(' ');
    out.push_str(operator.text());
    if let Some(modifier) = expr.modifier {
        out.push(' ');
        out.push_str(modifier.text());
    }
    if let Some(right) = &expr.right {
        out.push(' ');
        write_key(&mut out, right);
    }
    out
}

fn write_key(out: &mut String, operand: &Operand) {
    // Writing to a string cannot fail.
    let _ = match operand {
        Operand::Field(field) => write!(out, "{field}"),
        Operand::Value(value) => write!(out, "{:?}", value.text),
        Operand::List(list) => write!(out, "{:?}", list.values),
        Operand::Transformer(transformer) => {
            out.push_str(transformer.transformer.text());
            write_keys(out, &transformer.arguments);
            write!(out, "{:?}", transformer.argument)
        }
        Operand::Elements(_, elements) => {
            write_keys(out, elements);
            Ok(())
        }
    };
}

fn write_keys(out: &mut String, operands: &[Operand]) {
    out.push('(');
    for operand in operands {
        write_key(out, operand);
        out.push(',');
    }
    out.push(')');
}
