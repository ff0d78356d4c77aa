//! Compiles everything collected: lists into texts, macros and conditions into trees, rules into
//! what the engine runs. Done anew after every file, so that later files can change earlier ones.

mod cache;
mod condition;
mod exceptions;
mod fixed;
mod lists;
mod macros;
mod output;
mod rule;

use hashbrown::HashSet;

use super::{
    collector::Collector,
    issue::{LoadError, WarningCode},
    report::LoadResult,
    settings::Settings,
};
pub(crate) use cache::Cache;
pub use rule::Rule;

/// A list with the lists in it replaced by their items, one level deep.
#[derive(Clone, Debug)]
pub(crate) struct CompiledList {
    pub(crate) name: String,
    pub(crate) items: Vec<String>,
    /// Whether another list, a macro or a rule refers to it.
    pub(crate) used: bool,
}

/// A macro with the macros in it replaced.
#[derive(Clone, Debug)]
pub(crate) struct CompiledMacro {
    pub(crate) name: String,
    pub(crate) condition: std::sync::Arc<crate::condition::Expr>,
    /// Whether another macro or a rule refers to it.
    pub(crate) used: bool,
}

/// What all files so far come to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Compiled {
    pub(crate) lists: Vec<CompiledList>,
    pub(crate) macros: Vec<CompiledMacro>,
    pub(crate) rules: Vec<Rule>,
}

/// Most bytes that the conditions of all macros and rules may have with their lists expanded.
const MAX_EXPANDED: usize = 256 << 20;

/// Most checks that the conditions of all macros and rules may have with their macros replaced.
const MAX_CHECKS: usize = 4_000_000;

/// Compiles all items; the first error ends it.
pub(crate) fn compile(
    collector: &Collector,
    settings: &Settings,
    cache: &mut Cache,
    result: &mut LoadResult,
) -> Result<Compiled, LoadError> {
    let lists = lists::compile_lists(collector)?;
    let mut compiler = Compiler {
        collector,
        settings,
        expander: lists::Expander::new(&lists, MAX_EXPANDED),
        used_macros: HashSet::new(),
        checks: MAX_CHECKS,
        old: std::mem::take(cache),
        new: Cache::default(),
        result,
    };
    let mut macros = compiler.macros()?;
    let rules = compiler.rules(&macros)?;
    let Compiler { expander, used_macros, new, result, .. } = compiler;
    *cache = new;
    let used_lists = expander.into_used();
    let lists: Vec<_> = lists
        .into_iter()
        .zip(used_lists)
        .map(|(list, used)| CompiledList { used: list.used || used, ..list })
        .collect();
    for it in &mut macros {
        it.used = used_macros.contains(&it.name);
    }
    let unused = macros.iter().filter(|it| !it.used);
    for info in unused.filter_map(|it| collector.macros.get(&it.name)) {
        let message = "Macro not referred to by any other rule/macro";
        result.warn(WarningCode::UnusedMacro, message, &info.item.context);
    }
    let unused = lists.iter().filter(|it| !it.used);
    for info in unused.filter_map(|it| collector.lists.get(&it.name)) {
        let message = "List not referred to by any other rule/macro";
        result.warn(WarningCode::UnusedList, message, &info.item.context);
    }
    Ok(Compiled { lists, macros, rules })
}

struct Compiler<'a> {
    collector: &'a Collector,
    settings: &'a Settings,
    expander: lists::Expander,
    used_macros: HashSet<String>,
    /// Checks that conditions may still have.
    checks: usize,
    old: Cache,
    new: Cache,
    result: &'a mut LoadResult,
}

/// Whether an error says that this version lacks a field or an event, which a rule may ask to be
/// skipped for.
fn is_about_unknown_name(message: &str) -> bool {
    ["nonexistent field", "invalid formatting token", "unknown event type", "unknown filter:"]
        .iter()
        .any(|part| message.contains(part))
}
