//! A field as a rule names it: resolved, with its argument.

use std::{
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

use event::{EventType, ParamInfo};

use crate::{
    field::{
        FieldId,
        container::MountSelector,
        definition::{FieldDef, FieldFlags},
    },
    value::ValueType,
};

/// A resolved field with its argument. Cheap to clone; equal when field and argument are.
#[derive(Clone)]
pub struct FieldRef {
    pub(super) definition: &'static FieldDef,
    pub(super) argument: Argument,
    pub(super) text: Arc<str>,
}

/// The argument of a field.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Argument {
    /// None given.
    None,
    /// A number: level of an ancestor, index of an argument, an fd.
    Index(i64),
    /// A time, for `evt.around`.
    Time(u64),
    /// Text: the name of a variable, a cgroup subsystem, a label.
    Key(Arc<str>),
    /// A parameter by name, for `evt.arg.NAME` and `evt.rawarg.NAME`.
    Parameter(ParamSlots),
    /// A mount, by index or pattern.
    Mount(MountSelector),
}

/// Where a parameter of a given name is in each event type.
#[derive(Clone)]
pub struct ParamSlots {
    /// The first parameter in the table that has the name.
    pub info: &'static ParamInfo,
    /// Index of the parameter by event type; `u8::MAX` for none.
    slots: Arc<[u8]>,
}

impl ParamSlots {
    /// Looks `info.name` up in every event type.
    pub(super) fn new(info: &'static ParamInfo) -> Self {
        let slot = |kind: &EventType| {
            let position = kind.info().params.iter().position(|it| it.name == info.name);
            position.and_then(|it| u8::try_from(it).ok()).unwrap_or(u8::MAX)
        };
        Self { info, slots: EventType::all().iter().map(slot).collect() }
    }

    /// Index of the parameter in events of type `kind`.
    pub fn index(&self, kind: EventType) -> Option<usize> {
        match self.slots.get(usize::from(kind.code())) {
            None | Some(&u8::MAX) => None,
            Some(&slot) => Some(usize::from(slot)),
        }
    }
}

impl FieldRef {
    /// Which field it is.
    pub fn id(&self) -> FieldId {
        self.definition.id
    }

    /// Whether only a container runtime, or Kubernetes, knows its value: not before they are asked.
    pub fn needs_metadata(&self) -> bool {
        matches!(self.id(), FieldId::Container(id) if id.is_metadata())
    }

    /// Its row in the registry.
    pub fn definition(&self) -> &'static FieldDef {
        self.definition
    }

    /// Its argument.
    pub fn argument(&self) -> &Argument {
        &self.argument
    }

    /// Name without argument, as Falco's messages use it.
    pub fn name(&self) -> &'static str {
        self.definition.name
    }

    /// The field as written, argument included: `proc.aname[2]`, `evt.arg.flags`.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Declared type; for `evt.rawarg` that of the first parameter of the name.
    pub fn value_type(&self) -> ValueType {
        match (&self.argument, self.definition.value_type) {
            (Argument::Parameter(slots), ValueType::Dyn) => slots.info.kind.into(),
            (_, declared) => declared,
        }
    }

    /// How it may be used.
    pub fn flags(&self) -> FieldFlags {
        self.definition.flags
    }

    /// Whether it has a list of values.
    pub fn is_list(&self) -> bool {
        self.flags().contains(FieldFlags::LIST)
    }
}

impl PartialEq for FieldRef {
    fn eq(&self, other: &Self) -> bool {
        self.definition.id == other.definition.id && self.argument == other.argument
    }
}

impl Eq for FieldRef {}

impl Hash for FieldRef {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.definition.id.hash(state);
        self.argument.hash(state);
    }
}

impl fmt::Display for FieldRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for FieldRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FieldRef").field(&self.text).finish()
    }
}

impl PartialEq for ParamSlots {
    fn eq(&self, other: &Self) -> bool {
        self.info.name == other.info.name
    }
}

impl Eq for ParamSlots {}

impl Hash for ParamSlots {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.info.name.hash(state);
    }
}

impl fmt::Debug for ParamSlots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.info.name)
    }
}
