//! What an atom costs, roughly, in nanoseconds: cheap and selective ones are asked first.

use super::atom::Atoms;
use crate::{
    condition::Operator,
    field::{FieldId, event::EventField, generic::GenericField, process::ProcessField},
};

/// Estimated cost of `atom`.
pub(super) fn cost(atoms: &Atoms, atom: u32) -> u32 {
    let Some(check) = atoms.check(atom) else { return 0 };
    let Some(field) = check.field() else { return 200 };
    let extraction = match field.id() {
        FieldId::Generic(GenericField::Num) => 1,
        FieldId::Generic(_) => 10,
        FieldId::Event(
            EventField::IsOpenRead
            | EventField::IsOpenWrite
            | EventField::IsOpenExec
            | EventField::IsOpenCreate,
        ) => 2,
        FieldId::Event(EventField::Rawres | EventField::Failed | EventField::Dir) => 3,
        FieldId::Event(EventField::Args | EventField::Info) => 500,
        FieldId::Event(EventField::Arg)
        | FieldId::Process(
            ProcessField::Aname
            | ProcessField::Aexe
            | ProcessField::Aexepath
            | ProcessField::Acmdline,
        ) => 40,
        FieldId::Event(_) => 20,
        FieldId::Process(ProcessField::Name | ProcessField::Exe) => 6,
        FieldId::Process(_) | FieldId::User(_) | FieldId::Group(_) => 15,
        FieldId::Fd(_) => 5,
        FieldId::FsPath(_) | FieldId::FdList(_) => 100,
        FieldId::Container(_) | FieldId::Fixed(_) => 8,
    };
    let comparison = match check.operator() {
        Operator::Regex | Operator::Glob | Operator::IGlob => 100,
        Operator::Contains | Operator::IContains | Operator::BContains => 60,
        Operator::Pmatch => 80,
        Operator::StartsWith | Operator::EndsWith => 20,
        _ => 2,
    };
    extraction + comparison
}
