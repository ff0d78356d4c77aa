//! Checks of all rules, each once, and the groups that answer many of them together.

use rustc_hash::FxHashMap;

use super::{program::Question, text_group::TextGroup};
use crate::{
    condition::{Check, TextComparison},
    field::{Context, FieldRef},
    value::Value,
};

/// Every distinct check of a ruleset.
#[derive(Debug, Default)]
pub(super) struct Atoms {
    all: Vec<Atom>,
    groups: Vec<Group>,
    ids: FxHashMap<String, u32>,
}

#[derive(Debug)]
struct Atom {
    check: Check,
    /// Index of the group that answers it.
    group: Option<u32>,
}

#[derive(Debug)]
struct Group {
    field: FieldRef,
    index: TextGroup,
}

/// What the groups found for the current event.
#[derive(Debug, Default)]
pub(super) struct Hits {
    /// Epoch in which each group was last asked.
    asked: Vec<u32>,
    /// Epoch in which each atom was last hit.
    hit: Vec<u32>,
    epoch: u32,
}

impl Hits {
    /// Forgets the last event's hits.
    pub(super) fn reset(&mut self) {
        self.epoch = self.epoch.wrapping_add(1);
        if self.epoch == 0 {
            self.asked.fill(0);
            self.hit.fill(0);
            self.epoch = 1;
        }
    }
}

impl Atoms {
    /// The atom of `check`; equal checks are one atom.
    pub(super) fn intern(&mut self, check: &Check) -> u32 {
        if let Some(&id) = self.ids.get(check.key()) {
            return id;
        }
        let id = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.all.push(Atom { check: check.clone(), group: None });
        self.ids.insert(check.key().to_owned(), id);
        id
    }

    pub(super) fn check(&self, atom: u32) -> Option<&Check> {
        self.all.get(atom as usize).map(|it| &it.check)
    }

    /// Puts text atoms that share field and comparison into groups, where there are at least two.
    pub(super) fn group(&mut self) {
        let mut places = FxHashMap::<(&str, TextComparison), usize>::default();
        let mut groups: Vec<(FieldRef, TextComparison, Vec<u32>)> = Vec::new();
        for (id, atom) in (0..).zip(&self.all) {
            let Some(text) = atom.check.as_text_atom() else { continue };
            let place = *places.entry((text.field.text(), text.comparison)).or_insert(groups.len());
            match groups.get_mut(place) {
                Some((_, _, ids)) => ids.push(id),
                None => groups.push((text.field.clone(), text.comparison, vec![id])),
            }
        }
        for (field, comparison, ids) in groups {
            if ids.len() > 1 {
                self.add_group(field, comparison, &ids);
            }
        }
    }

    fn add_group(&mut self, field: FieldRef, comparison: TextComparison, ids: &[u32]) {
        let literals: Vec<(u32, Box<[u8]>)> = ids
            .iter()
            .filter_map(|&id| Some((id, self.check(id)?.as_text_atom()?.constants)))
            .flat_map(|(id, constants)| constants.iter().map(move |it| (id, it.clone())))
            .collect();
        // An automaton too large to build leaves its atoms to be asked one by one.
        let Ok(index) = TextGroup::new(comparison, &literals) else { return };
        let group = u32::try_from(self.groups.len()).ok();
        self.groups.push(Group { field, index });
        for &id in ids {
            if let Some(atom) = self.all.get_mut(id as usize) {
                atom.group = group;
            }
        }
    }

    /// Room for the hits of these atoms.
    pub(super) fn hits(&self) -> Hits {
        Hits { asked: vec![0; self.groups.len()], hit: vec![0; self.all.len()], epoch: 0 }
    }

    /// The group that answers `atom`, if any.
    pub(super) fn group_of(&self, atom: u32) -> Option<u32> {
        self.all.get(atom as usize)?.group
    }

    /// How programs ask for `atom`.
    pub(super) fn question(&self, atom: u32) -> Question {
        match self.group_of(atom) {
            Some(group) => Question::Member { group, atom },
            None => Question::Check(atom),
        }
    }

    /// The answer to `question` for the event of `ctx`.
    #[inline]
    pub(super) fn answer(&self, question: Question, ctx: &Context<'_>, hits: &mut Hits) -> bool {
        match question {
            Question::Check(atom) => {
                self.all.get(atom as usize).is_some_and(|it| it.check.evaluate(ctx))
            }
            Question::Member { group, atom } => {
                if hits.asked.get(group as usize) != Some(&hits.epoch) {
                    self.ask(group, ctx, hits);
                }
                hits.hit.get(atom as usize) == Some(&hits.epoch)
            }
        }
    }

    fn ask(&self, group: u32, ctx: &Context<'_>, hits: &mut Hits) {
        let Hits { asked, hit, epoch } = hits;
        if let Some(asked) = asked.get_mut(group as usize) {
            *asked = *epoch;
        }
        let Some(group) = self.groups.get(group as usize) else { return };
        if let Some(Value::Str(text)) = ctx.extract(&group.field) {
            // Falco compares C strings.
            let text = text.split(|&byte| byte == 0).next().unwrap_or_default();
            group.index.find(text, |atom| {
                if let Some(hit) = hit.get_mut(atom as usize) {
                    *hit = *epoch;
                }
            });
        }
    }
}
