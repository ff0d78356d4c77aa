//! From an operand of the tree to a typed source, with Falco's messages.

use super::super::ast::{Operand, TransformerExpr};
use super::super::operator::Transformer;
use super::getopt::OptionString;
use super::{Element, Getopt, Shape, Source, Typed, Unary};
use crate::field::{FieldFlags, FieldRef};
use crate::value::ValueType;

/// Looks fields up and checks what transformers are applied to.
pub(in super::super) fn compile(operand: &Operand) -> Result<Typed, String> {
    match operand {
        Operand::Field(field) => {
            let field = FieldRef::resolve(&field.full_name()).map_err(|error| error.to_string())?;
            let shape = Shape { value_type: field.value_type(), is_list: field.is_list() };
            let (name, flags) = (field.name(), field.flags());
            Ok(Typed { source: Source::Field(field), shape, declared: shape, name, flags })
        }
        Operand::Value(value) => {
            Ok(internal(Source::Text(value.text.as_bytes().into()), Shape::TEXT))
        }
        Operand::List(list) => {
            let texts = list.values.iter().map(|value| Source::Text(value.as_bytes().into()));
            Ok(internal(Source::List(texts.map(Element::Plain).collect()), Shape::TEXTS))
        }
        Operand::Elements(_, elements) => {
            let elements: Result<_, String> =
                elements.iter().map(|operand| compile(operand).map(element)).collect();
            Ok(internal(Source::List(elements?), Shape::TEXTS))
        }
        Operand::Transformer(transformer) => compile_transformer(transformer),
    }
}

/// Something that Falco's messages have no name for.
fn internal(source: Source, shape: Shape) -> Typed {
    Typed { source, shape, declared: shape, name: "NA", flags: FieldFlags::default() }
}

/// Numbers in a list become text, but only those of three types that are not transformed.
fn element(typed: Typed) -> Element {
    let is_number =
        matches!(typed.declared.value_type, ValueType::Pid | ValueType::Int64 | ValueType::Uint64);
    match typed.source {
        Source::Field(field) if is_number => Element::Number(field),
        source => Element::Plain(source),
    }
}

fn compile_transformer(expr: &TransformerExpr) -> Result<Typed, String> {
    let mut arguments =
        expr.arguments.iter().map(compile).collect::<Result<Vec<Typed>, String>>()?;
    let name = expr.transformer.text();
    let has_argument = expr.argument.is_some();
    let unsupported =
        || format!("filter error: transformer '{name}' does not support field arguments");
    if expr.transformer == Transformer::Val {
        let only = arguments.pop().filter(|_| !has_argument);
        return only.ok_or_else(unsupported);
    }
    if arguments.len() == 1 {
        if has_argument {
            return Err(unsupported());
        }
        return match arguments.pop() {
            Some(argument) => apply(argument, expr.transformer),
            None => Err(unsupported()),
        };
    }
    match expr.transformer {
        Transformer::Join | Transformer::Concat if has_argument => {
            several(expr.transformer, arguments)?;
            Err(format!("transformer '{name}' does not support field arguments"))
        }
        Transformer::Join | Transformer::Concat => several(expr.transformer, arguments),
        Transformer::Getopt => getopt(arguments, expr.argument.as_deref()),
        Transformer::Val
        | Transformer::ToLower
        | Transformer::ToUpper
        | Transformer::B64
        | Transformer::Basename
        | Transformer::Len => Err("unknown multivalue transformer".to_owned()),
    }
}

/// Puts a transformer of one argument around `typed`.
fn apply(mut typed: Typed, transformer: Transformer) -> Result<Typed, String> {
    let name = transformer.text();
    let Shape { value_type, is_list } = typed.shape;
    let is_text = value_type.is_text();
    let is_buffer = value_type == ValueType::Bytebuf;
    let unary = match transformer {
        Transformer::Val | Transformer::Join | Transformer::Concat | Transformer::Getopt => {
            return Err(format!("unknown field transfomer '{name}'"));
        }
        Transformer::ToLower => is_text.then_some(Unary::ToLower),
        Transformer::ToUpper => is_text.then_some(Unary::ToUpper),
        Transformer::Basename => is_text.then_some(Unary::Basename),
        Transformer::B64 => (value_type == ValueType::Charbuf || is_buffer).then_some(Unary::B64),
        // When it runs, the length looks at what was declared: the options of `getopt` are a list
        // only while the types are checked.
        Transformer::Len if is_list && typed.declared.is_list => Some(Unary::Count),
        Transformer::Len if is_text => Some(Unary::TextLength),
        Transformer::Len => is_buffer.then_some(Unary::BufferLength),
    };
    if typed.flags.contains(FieldFlags::NO_TRANSFORMER) {
        return Err(format!("field '{}' does not support transformers", typed.name));
    }
    let unary = unary.ok_or_else(|| {
        let list = if is_list { "list " } else { "" };
        format!(
            "can't add field transformer: type '{}' is not supported by '{name}' transformer \
             applied on {list}field '{}'",
            value_type.name(),
            typed.name
        )
    })?;
    if transformer == Transformer::Len {
        typed.shape = Shape { value_type: ValueType::Uint64, is_list: false };
    }
    typed.source = Source::Unary(unary, Box::new(typed.source));
    Ok(typed)
}

fn several(transformer: Transformer, arguments: Vec<Typed>) -> Result<Typed, String> {
    if transformer == Transformer::Concat {
        if arguments.iter().any(|argument| argument.declared != Shape::TEXT) {
            return Err("concat() arguments must be strings".to_owned());
        }
        let sources = arguments.into_iter().map(|argument| argument.source).collect();
        return Ok(internal(Source::Concat(sources), Shape::TEXT));
    }
    let Ok([separator, list]) = <[Typed; 2]>::try_from(arguments) else {
        return Err("join() requires exactly 2 arguments: separator and list".to_owned());
    };
    if separator.declared.is_list {
        let message = "join() first argument (separator) must be a single value, not a list";
        return Err(message.to_owned());
    }
    if !list.declared.is_list {
        return Err("join() second argument must be a list".to_owned());
    }
    Ok(internal(Source::Join(Box::new((separator.source, list.source))), Shape::TEXT))
}

fn getopt(arguments: Vec<Typed>, argument: Option<&str>) -> Result<Typed, String> {
    let Ok([list, options]) = <[Typed; 2]>::try_from(arguments) else {
        return Err("getopt() requires exactly 2 arguments: args list and optstring".to_owned());
    };
    if !list.declared.is_list {
        return Err("getopt() first argument must be a list".to_owned());
    }
    if options.declared.is_list {
        return Err("getopt() second argument (optstring) must be a single value".to_owned());
    }
    let is_text = |typed: &Typed| typed.declared.value_type == ValueType::Charbuf;
    if !is_text(&list) || !is_text(&options) {
        return Err("getopt() arguments must be strings".to_owned());
    }
    let selected = match argument.map(str::as_bytes) {
        None => None,
        Some([option]) => Some(*option),
        Some(_) => {
            let message = "getopt() field argument must be a single option character";
            return Err(message.to_owned());
        }
    };
    let options = OptionString::new(options.source);
    let getopt = Getopt { arguments: list.source, options, selected };
    let mut typed = internal(Source::Getopt(Box::new(getopt)), Shape::TEXT);
    if selected.is_none() {
        typed.shape = Shape::TEXTS;
        typed.name = "INTERNAL";
    }
    Ok(typed)
}
