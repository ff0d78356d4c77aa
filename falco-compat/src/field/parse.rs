//! From the text of a field to a [`FieldRef`], with Falco's rules and messages.

use std::sync::{Arc, LazyLock};

use hashbrown::{HashMap, HashSet};

use event::{EventType, ParamInfo};

use crate::field::{
    FieldId,
    class::{CLASSES, ClassKind, FieldClass},
    container::{ContainerField, MountKey, MountSelector},
    definition::{FieldDef, FieldFlags},
    event::EventField,
    fd::FdField,
    process::ProcessField,
    reference::{Argument, FieldRef, ParamSlots},
};

/// Why a text is not a field. The messages are Falco's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FieldError {
    /// No field has this name, or it does not take this argument.
    #[error("filter_check called with nonexistent field {0}")]
    Nonexistent(String),
    /// The field needs an argument that is not there.
    #[error("filter syntax error: {0}")]
    MissingArgument(String),
    /// The argument should be a number.
    #[error("{0} is not a valid number")]
    InvalidNumber(String),
    /// No event has a parameter of this name.
    #[error("unknown event argument {0}")]
    UnknownEventArgument(String),
    /// `evt.rawarg` takes names only.
    #[error("evt.arg fields must be expressed explicitly")]
    RawArgumentByIndex,
    /// `evt.around` takes a time in brackets.
    #[error("wrong syntax for evt.around")]
    AroundSyntax,
    /// A name that begins with `arg`, which Falco reserves.
    #[error("filter error: proc.arg filter not implemented yet")]
    Reserved,
    /// An argument of a plugin's field is malformed.
    #[error("filter '{filter}': {field} {problem}")]
    PluginArgument {
        /// The whole text.
        filter: String,
        /// The field it begins with.
        field: &'static str,
        /// What is wrong.
        problem: String,
    },
}

impl FieldRef {
    /// Parses the field that `text` begins with; also gives how many bytes belong to it.
    pub fn parse(text: &str) -> Result<(Self, usize), FieldError> {
        for class in CLASSES {
            let Some(Parsed { definition, argument, len }) = parse_in(class, text)? else {
                continue;
            };
            let written = text.get(..len).unwrap_or(text);
            return Ok((Self { definition, argument, text: Arc::from(written) }, len));
        }
        Err(FieldError::Nonexistent(text.to_owned()))
    }

    /// Parses `text`, which must be a field and nothing else.
    pub fn resolve(text: &str) -> Result<Self, FieldError> {
        /// Fields without argument, by name: most of what rules mention, parsed once.
        static PLAIN: LazyLock<HashMap<&'static str, FieldRef>> = LazyLock::new(|| {
            let names = CLASSES.iter().flat_map(|class| class.fields).map(|it| it.name);
            let parsed = names.map(|name| (name, FieldRef::parse(name)));
            parsed
                .filter_map(|(name, parsed)| match parsed {
                    Ok((field, len)) if len == name.len() => Some((name, field)),
                    _ => None,
                })
                .collect()
        });
        /// What stands before the first dot of a field.
        static FIRST_PARTS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
            let names = CLASSES.iter().flat_map(|class| class.fields).map(|it| it.name);
            names.filter_map(|name| name.split_once('.')).map(|(first, _)| first).collect()
        });
        if let Some(field) = PLAIN.get(text) {
            return Ok(field.clone());
        }
        // Constants are looked up too, to warn of mistaken ones; most of them begin like no field.
        let first = text.split_once('.').map(|(first, _)| first);
        if !first.is_some_and(|it| FIRST_PARTS.contains(it)) && !text.starts_with("arg") {
            return Err(FieldError::Nonexistent(text.to_owned()));
        }
        match Self::parse(text)? {
            (field, len) if len == text.len() => Ok(field),
            _ => Err(FieldError::Nonexistent(text.to_owned())),
        }
    }
}

/// The field that a text begins with, and how many bytes it takes.
struct Parsed {
    definition: &'static FieldDef,
    argument: Argument,
    len: usize,
}

fn parse_in(class: &'static FieldClass, text: &str) -> Result<Option<Parsed>, FieldError> {
    match class.kind {
        ClassKind::Event => parse_event(class, text),
        ClassKind::Process => parse_process(class, text),
        ClassKind::Fd if text.starts_with("fd.types[") => {
            let (number, len) = bracketed("fd.types", text).unwrap_or(("", text.len()));
            let index = number_i64(number)?;
            Ok(parsed(class, FieldId::Fd(FdField::Types), Argument::Index(index), len))
        }
        ClassKind::Plain | ClassKind::Fd => Ok(longest(class, text)),
        ClassKind::Plugin => parse_plugin(class, text),
        ClassKind::Fixed => Ok(parse_fixed(class, text)),
    }
}

/// `static.NAME`: names are not known here, so the whole run of letters, digits, `_` and `.` is one.
fn parse_fixed(class: &'static FieldClass, text: &str) -> Option<Parsed> {
    let rest = text.strip_prefix("static.")?;
    let end = rest.find(|it: char| !it.is_ascii_alphanumeric() && it != '_' && it != '.');
    let name = rest.get(..end.unwrap_or(rest.len()))?.trim_end_matches('.');
    let definition = class.fields.first().filter(|_| !name.is_empty())?;
    let len = "static.".len() + name.len();
    Some(Parsed { definition, argument: Argument::Key(Arc::from(name)), len })
}

/// The field with the longest name that `text` begins with.
fn longest(class: &'static FieldClass, text: &str) -> Option<Parsed> {
    let first = text.as_bytes().first();
    let may_match = class.fields.iter().filter(|it| it.name.as_bytes().first() == first);
    let matching = may_match.filter(|it| text.starts_with(it.name));
    let definition = matching.max_by_key(|it| it.name.len())?;
    let len = definition.name.len();
    Some(Parsed { definition, argument: Argument::None, len })
}

/// Field `id` of `class`.
fn parsed(
    class: &'static FieldClass,
    id: FieldId,
    argument: Argument,
    len: usize,
) -> Option<Parsed> {
    let definition = class.fields.iter().find(|it| it.id == id)?;
    Some(Parsed { definition, argument, len })
}

/// What stands between the brackets after `name`, and the length of everything up to them.
fn bracketed<'t>(name: &str, text: &'t str) -> Option<(&'t str, usize)> {
    let rest = text.strip_prefix(name)?.strip_prefix('[')?;
    let end = rest.find(']')?;
    Some((rest.get(..end)?, name.len() + end + 2))
}

fn parse_event(class: &'static FieldClass, text: &str) -> Result<Option<Parsed>, FieldError> {
    let special = if text.starts_with("evt.arg") && !text.starts_with("evt.args") {
        Some((EventField::Arg, event_argument("evt.arg", text, EventField::Arg)?))
    } else if text.starts_with("evt.rawarg") {
        Some((EventField::Rawarg, event_argument("evt.rawarg", text, EventField::Rawarg)?))
    } else if text.starts_with("evt.around") {
        Some((EventField::Around, event_argument("evt.around", text, EventField::Around)?))
    } else if text.starts_with("evt.abspath") {
        Some((EventField::Abspath, abspath_side(text)))
    } else if text.starts_with("evt.type.is") {
        Some((EventField::TypeIs, type_is(text)?))
    } else {
        None
    };
    let Some((id, (argument, len))) = special else { return Ok(longest(class, text)) };
    Ok(parsed(class, FieldId::Event(id), argument, len))
}

fn event_argument(name: &str, text: &str, id: EventField) -> Result<(Argument, usize), FieldError> {
    let rest = text.get(name.len()..).unwrap_or_default();
    if let Some(inside) = rest.strip_prefix('[') {
        if id == EventField::Rawarg {
            return Err(FieldError::RawArgumentByIndex);
        }
        let (number, len) = bracketed(name, text).unwrap_or((inside, text.len()));
        let argument = match id {
            EventField::Around => Argument::Time(number_u64(number)?),
            _ => Argument::Index(number_i32(number)?),
        };
        Ok((argument, len))
    } else if let Some(parameter) = rest.strip_prefix('.') {
        if id == EventField::Around {
            return Err(FieldError::AroundSyntax);
        }
        let info = longest_parameter(parameter)
            .ok_or_else(|| FieldError::UnknownEventArgument(parameter.to_owned()))?;
        let len = name.len() + 1 + info.name.len();
        Ok((Argument::Parameter(ParamSlots::new(info)), len))
    } else {
        Err(FieldError::MissingArgument(text.to_owned()))
    }
}

/// The first parameter of any event with the longest name that `text` begins with.
fn longest_parameter(text: &str) -> Option<&'static ParamInfo> {
    let mut best: Option<&'static ParamInfo> = None;
    for info in EventType::all().iter().flat_map(|it| it.info().params) {
        let longer = best.is_none_or(|it| info.name.len() > it.name.len());
        if longer && text.starts_with(info.name) {
            best = Some(info);
        }
    }
    best
}

fn abspath_side(text: &str) -> (Argument, usize) {
    if text.starts_with("evt.abspath.src") {
        (Argument::Index(1), "evt.abspath.src".len())
    } else if text.starts_with("evt.abspath.dst") {
        (Argument::Index(2), "evt.abspath.dst".len())
    } else {
        (Argument::Index(0), "evt.abspath".len())
    }
}

/// `evt.type.is.NAME`; a name that no event has consumes nothing, so that it never resolves.
fn type_is(text: &str) -> Result<(Argument, usize), FieldError> {
    let rest = text.get("evt.type.is".len()..).unwrap_or_default();
    let name =
        rest.strip_prefix('.').ok_or_else(|| FieldError::MissingArgument(text.to_owned()))?;
    if let Ok(number) = number_u64(name) {
        return Ok((Argument::Time(number), text.len()));
    }
    let known = EventType::all().iter().any(|it| it.info().name == name);
    Ok((Argument::Key(Arc::from(name)), if known { text.len() } else { 0 }))
}

/// Names of the class `process` that take an argument, longer ones before their prefixes.
const PROCESS_ARGUMENTS: [(&str, ProcessField); 9] = [
    ("proc.apid", ProcessField::Apid),
    ("proc.aname", ProcessField::Aname),
    ("proc.aexepath", ProcessField::Aexepath),
    ("proc.aexe", ProcessField::Aexe),
    ("proc.acmdline", ProcessField::Acmdline),
    ("proc.aargs", ProcessField::Aargs),
    ("proc.env", ProcessField::Env),
    ("proc.args", ProcessField::Args),
    ("proc.aenv", ProcessField::Aenv),
];

fn parse_process(class: &'static FieldClass, text: &str) -> Result<Option<Parsed>, FieldError> {
    if text.starts_with("arg") {
        return Err(FieldError::Reserved);
    }
    for (name, id) in PROCESS_ARGUMENTS {
        if text.starts_with(name) {
            let (argument, len) = process_argument(name, text, id);
            return Ok(parsed(class, FieldId::Process(id), argument, len));
        }
    }
    if text.starts_with("thread.cgroup") && !text.starts_with("thread.cgroups") {
        let name = "thread.cgroup";
        let rest = text
            .get(name.len()..)
            .and_then(|it| it.strip_prefix('.'))
            .ok_or_else(|| FieldError::MissingArgument(text.to_owned()))?;
        let key_len =
            rest.find(|it: char| !it.is_ascii_alphabetic() && it != '_').unwrap_or(rest.len());
        let key = Argument::Key(Arc::from(rest.get(..key_len).unwrap_or_default()));
        let id = FieldId::Process(ProcessField::ThreadCgroup);
        return Ok(parsed(class, id, key, name.len() + 1 + key_len));
    }
    Ok(longest(class, text))
}

/// An argument that does not parse is not consumed: the name alone matches.
fn process_argument(name: &str, text: &str, id: ProcessField) -> (Argument, usize) {
    let Some((argument, len)) = bracketed(name, text) else {
        return (Argument::None, name.len());
    };
    let is_key = matches!(id, ProcessField::Env | ProcessField::Aenv);
    let digits = !argument.is_empty() && argument.bytes().all(|it| it.is_ascii_digit());
    match number_i32(argument) {
        Ok(index) if !is_key || digits => (Argument::Index(index), len),
        _ if is_key && digits => (Argument::None, name.len()),
        _ if is_key => (Argument::Key(Arc::from(argument)), len),
        Ok(_) | Err(_) => (Argument::None, name.len()),
    }
}

fn parse_plugin(class: &'static FieldClass, text: &str) -> Result<Option<Parsed>, FieldError> {
    let Some(name) = longest(class, text) else { return Ok(None) };
    let Parsed { definition, len: name_len, .. } = name;
    let filter = text.split(' ').next().unwrap_or_default();
    let error = |problem: String| FieldError::PluginArgument {
        filter: filter.to_owned(),
        field: definition.name,
        problem,
    };
    let required = definition.flags.contains(FieldFlags::ARGUMENT_REQUIRED);
    let Some(bracket) = filter.find('[') else {
        if required {
            return Err(error("requires an argument but none provided".to_owned()));
        }
        return Ok(Some(name));
    };
    if bracket != name_len {
        return Ok(None);
    }
    let rest = filter.get(bracket + 1..).unwrap_or_default();
    if rest.is_empty() {
        return Err(error("terminates with incomplete argument brackets".to_owned()));
    }
    let end = rest.find(']').ok_or_else(|| error("has unbalanced argument brackets".to_owned()))?;
    let key = rest.get(..end).unwrap_or_default();
    if !required && !definition.flags.contains(FieldFlags::ARGUMENT_ALLOWED) {
        let problem = format!("does not allow nor require an argument but one is provided: {key}");
        return Err(error(problem));
    }
    let argument = plugin_argument(definition.id, key);
    Ok(Some(Parsed { definition, argument, len: bracket + end + 2 }))
}

/// Mounts are the only arguments that are more than a key; `mount.source` goes by destination.
fn plugin_argument(id: FieldId, key: &str) -> Argument {
    use ContainerField as F;
    match id {
        FieldId::Container(F::MountSource) => {
            Argument::Mount(MountSelector::new(key, MountKey::Destination))
        }
        FieldId::Container(
            F::Mount | F::MountDest | F::MountMode | F::MountRdwr | F::MountPropagation,
        ) => Argument::Mount(MountSelector::new(key, MountKey::Source)),
        _ => Argument::Key(Arc::from(key)),
    }
}

/// Reads a number as `sscanf("%d")` does: blanks and a sign first, nothing after it.
fn number_i64(text: &str) -> Result<i64, FieldError> {
    let trimmed = text.trim_start_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']);
    let digits = trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed);
    if digits.is_empty() || !digits.bytes().all(|it| it.is_ascii_digit()) {
        return Err(FieldError::InvalidNumber(text.to_owned()));
    }
    let saturated = if trimmed.starts_with('-') { i64::MIN } else { i64::MAX };
    Ok(trimmed.parse().unwrap_or(saturated))
}

/// As [`number_i64`], truncated to 32 bits.
fn number_i32(text: &str) -> Result<i64, FieldError> {
    let [a, b, c, d, ..] = number_i64(text)?.to_le_bytes();
    Ok(i64::from(i32::from_le_bytes([a, b, c, d])))
}

/// As [`number_i64`]; a negative number wraps around.
fn number_u64(text: &str) -> Result<u64, FieldError> {
    let trimmed = text.trim_start();
    match trimmed.strip_prefix('+').unwrap_or(trimmed).parse() {
        Ok(number) => Ok(number),
        Err(_) => number_i64(text).map(i64::cast_unsigned),
    }
}
