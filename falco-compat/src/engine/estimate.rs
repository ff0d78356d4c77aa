//! What asking costs and how likely the answer is yes: guesses from the text of a rule, by which operands are
//! ordered. A wrong guess costs time and changes nothing else.

use super::atom::Atoms;
use crate::{
    condition::{Check, Operator},
    field::{
        FieldId, event::EventField, fd::FdField, generic::GenericField, process::ProcessField,
    },
};

/// A guess about a condition.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Estimate {
    /// Cost of finding the outcome, in some unit; about 10 ns.
    pub(super) cost: f32,
    /// Likelihood that it holds, 0 to 1.
    pub(super) chance: f32,
}

/// Cost of a step, whatever it asks.
const STEP: f32 = 0.1;

/// No outcome is certain.
const LEAST_CHANCE: f32 = 0.001;

impl Estimate {
    /// Of what need not be asked.
    pub(super) const FREE: Self = Self { cost: 0.0, chance: 0.5 };

    /// Of the opposite.
    pub(super) fn negated(self) -> Self {
        Self { chance: 1.0 - self.chance, ..self }
    }

    /// Of all of `parts`, asked in this order until one does not hold.
    pub(super) fn all(parts: impl Iterator<Item = Self>) -> Self {
        parts.fold(Self { cost: 0.0, chance: 1.0 }, |all, part| Self {
            cost: all.cost + all.chance * part.cost,
            chance: all.chance * part.chance,
        })
    }

    /// Of any of `parts`, asked in this order until one holds.
    pub(super) fn any(parts: impl Iterator<Item = Self>) -> Self {
        Self::all(parts.map(Self::negated)).negated()
    }

    /// What it costs to be stopped by it in an `and`: the least goes first.
    pub(super) fn rank_in_and(self) -> f32 {
        self.cost / (1.0 - self.chance).max(LEAST_CHANCE)
    }

    /// What it costs to be stopped by it in an `or`: the least goes first.
    pub(super) fn rank_in_or(self) -> f32 {
        self.cost / self.chance.max(LEAST_CHANCE)
    }
}

/// Of `atom`, which is asked on its own or answered with others by a group.
pub(super) fn estimate(atoms: &Atoms, atom: u32) -> Estimate {
    let Some(check) = atoms.check(atom) else { return Estimate::FREE };
    let own = extraction(check) + comparison(check.operator());
    // The first member of a group pays for all.
    let cost = if atoms.group_of(atom).is_some() { 0.4 * own } else { own };
    Estimate { cost: STEP + cost, chance: chance(check) }
}

fn extraction(check: &Check) -> f32 {
    let Some(field) = check.field() else { return 20.0 };
    match field.id() {
        FieldId::Generic(GenericField::Num) => 0.2,
        FieldId::Event(
            EventField::IsOpenRead
            | EventField::IsOpenWrite
            | EventField::IsOpenExec
            | EventField::IsOpenCreate
            | EventField::Rawres
            | EventField::Failed
            | EventField::Dir,
        ) => 0.5,
        FieldId::Process(
            ProcessField::Aname
            | ProcessField::Aexe
            | ProcessField::Aexepath
            | ProcessField::Acmdline,
        ) => 4.0,
        FieldId::Fd(FdField::Name | FdField::Directory) => 5.0,
        FieldId::Event(EventField::Arg) => 6.0,
        FieldId::FsPath(_) | FieldId::FdList(_) => 10.0,
        FieldId::Event(EventField::Args | EventField::Info) => 50.0,
        FieldId::Process(ProcessField::Name | ProcessField::Exe | ProcessField::Exepath)
        | FieldId::Generic(_)
        | FieldId::Fd(_)
        | FieldId::Container(_)
        | FieldId::Fixed(_) => 1.0,
        FieldId::Event(_) | FieldId::Process(_) | FieldId::User(_) | FieldId::Group(_) => 2.0,
    }
}

fn comparison(operator: Operator) -> f32 {
    match operator {
        Operator::Regex | Operator::Glob | Operator::IGlob => 15.0,
        Operator::Contains | Operator::IContains | Operator::BContains => 10.0,
        Operator::Pmatch => 8.0,
        Operator::StartsWith | Operator::EndsWith => 2.0,
        _ => 0.5,
    }
}

fn chance(check: &Check) -> f32 {
    let few = check.constants().len() <= 4;
    let by_operator = match check.operator() {
        Operator::Exists | Operator::NotEqual => 0.9,
        Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
            0.5
        }
        Operator::Equal | Operator::DoubleEqual => 0.05,
        Operator::In | Operator::Intersects | Operator::Pmatch if few => 0.05,
        Operator::In | Operator::Intersects | Operator::Pmatch => 0.1,
        Operator::Glob
        | Operator::IGlob
        | Operator::Contains
        | Operator::IContains
        | Operator::BContains
        | Operator::StartsWith
        | Operator::BStartsWith
        | Operator::EndsWith
        | Operator::Regex => 0.03,
    };
    match check.field().map(crate::field::FieldRef::id) {
        // True of few events; rules ask whether they are true.
        Some(FieldId::Event(EventField::IsOpenExec)) => 0.02,
        Some(FieldId::Event(EventField::IsOpenWrite | EventField::IsOpenCreate)) => 0.15,
        Some(FieldId::Event(EventField::IsOpenRead)) => 0.6,
        // Numbers of fds and results are compared with 0 to see that a call succeeded.
        Some(FieldId::Fd(FdField::Num) | FieldId::Event(EventField::Rawres)) => 0.8,
        // Regular files, the host.
        Some(FieldId::Fd(FdField::Typechar)) if by_operator < 0.5 => 0.5,
        Some(FieldId::Container(_)) => 0.5,
        _ => by_operator,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operands_are_asked_until_one_decides() {
        let half = Estimate { cost: 4.0, chance: 0.5 };
        let all = Estimate::all([half, half].into_iter());
        assert_eq!(all, Estimate { cost: 6.0, chance: 0.25 });
        let any = Estimate::any([half, half].into_iter());
        assert_eq!(any, Estimate { cost: 6.0, chance: 0.75 });
    }

    #[test]
    fn what_decides_most_for_least_goes_first() {
        let rare = Estimate { cost: 2.0, chance: 0.1 };
        let likely = Estimate { cost: 1.0, chance: 0.9 };
        assert!(rare.rank_in_and() < likely.rank_in_and());
        assert!(likely.rank_in_or() < rare.rank_in_or());
    }
}
