//! Loads rules files one after the other.

use std::{fmt::Write as _, sync::Arc};

use serde_json::{Map, Value};

use super::{
    Priority, Version,
    collector::Collector,
    compiler::{Cache, Compiled, Rule, compile},
    definition::PluginRequirement,
    describe::{DescribeError, describe, describe_rule},
    issue::{ErrorCode, LoadError},
    location::Context,
    reader::read,
    report::LoadResult,
    selection::Selection,
    settings::Settings,
};

/// Loads rules files; each may build on those before it.
///
/// After a file that fails, the rules are those of the files before it, but what the failed file
/// defined before its error takes part in later loads, as with Falco.
#[derive(Debug, Default)]
pub struct Loader {
    settings: Settings,
    collector: Collector,
    compiled: Compiled,
    cache: Cache,
    loaded: bool,
}

/// A plugin that rules need is not there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PluginError {
    /// It is there in another version.
    #[error(
        "Plugin '{name}' version '{version}' is not compatible with required plugin version \
         '{required}'"
    )]
    Version {
        /// The plugin.
        name: String,
        /// What is there.
        version: String,
        /// What is needed.
        required: String,
    },
    /// None of the alternatives is there.
    #[error("Plugin requirement not satisfied, must load one of: {0}")]
    Missing(String),
}

impl Loader {
    /// A loader without rules.
    pub fn new(settings: Settings) -> Self {
        Self { settings, ..Self::default() }
    }

    /// Loads a file. `name` is what reports call it.
    pub fn load(&mut self, name: &str, content: &[u8]) -> LoadResult {
        let mut result = LoadResult::new(name);
        match self.try_load(name, content, &mut result) {
            Ok(compiled) => {
                self.compiled = compiled;
                self.loaded = true;
            }
            Err(error) => result.errors.push(error),
        }
        result
    }

    fn try_load(
        &mut self,
        name: &str,
        content: &[u8],
        result: &mut LoadResult,
    ) -> Result<Compiled, LoadError> {
        let text = String::from_utf8_lossy(content);
        let text: Arc<str> = Arc::from(text.strip_prefix('\u{feff}').unwrap_or(&text));
        let file = Context::file(name, &text);
        if let Err(error) = std::str::from_utf8(content) {
            let message = format!("byte {} is not UTF-8", error.valid_up_to());
            return Err(LoadError::new(ErrorCode::YamlParse, message, &file));
        }
        read(&text, &file, &mut self.collector, result)?;
        compile(&self.collector, &self.settings, &mut self.cache, result)
    }

    /// Whether every plugin that the files so far require is there; Falco makes it fatal.
    pub fn check_plugins(&self) -> Result<(), PluginError> {
        self.collector.plugins.iter().try_for_each(|alternatives| self.check_plugin(alternatives))
    }

    fn check_plugin(&self, alternatives: &[PluginRequirement]) -> Result<(), PluginError> {
        for required in alternatives {
            let there = self.settings.plugins.iter().find(|(name, _)| *name == required.name);
            let Some((name, version)) = there else { continue };
            let satisfied = Version::parse(version)
                .zip(Version::parse(&required.version))
                .is_some_and(|(there, required)| there.satisfies(required));
            return if satisfied {
                Ok(())
            } else {
                Err(PluginError::Version {
                    name: name.clone(),
                    version: version.clone(),
                    required: required.version.clone(),
                })
            };
        }
        let all = alternatives.iter().map(|it| format!("{} (>= {})", it.name, it.version));
        Err(PluginError::Missing(all.collect::<Vec<_>>().join(", ")))
    }

    /// The rules that loaded, in the order of their first definition, with `enabled` as the files
    /// say. Rules below the minimum priority are among them; see [`Self::rules_in_force`].
    pub fn rules(&self) -> &[Rule] {
        &self.compiled.rules
    }

    /// The rules that the engine runs: urgent enough, and enabled once `selections` are applied.
    pub fn rules_in_force(&self, selections: &[Selection]) -> Vec<Rule> {
        let min_priority: Priority = self.settings.min_priority;
        let mut rules: Vec<Rule> =
            self.compiled.rules.iter().filter(|it| it.priority <= min_priority).cloned().collect();
        for rule in &mut rules {
            for selection in selections {
                selection.apply(rule);
            }
        }
        rules.retain(|rule| rule.enabled);
        rules
    }

    /// Every list, macro and rule in detail: what `falco -L` prints as JSON.
    pub fn describe(&self) -> Result<Value, DescribeError> {
        if !self.loaded {
            return Err(DescribeError::NothingLoaded);
        }
        describe(&self.collector, &self.compiled)
    }

    /// One rule in detail: what `falco -l RULE` prints as JSON.
    pub fn describe_rule(&self, name: &str) -> Result<Value, DescribeError> {
        if !self.loaded {
            return Err(DescribeError::NothingLoaded);
        }
        describe_rule(&self.collector, &self.compiled, name)
    }
}

/// The report of a validation (`-V`): JSON in one line, or text as on Falco's standard output,
/// without the final newline. Warnings of files that load are not part of the text.
pub fn validation_report(results: &[LoadResult], json: bool, description: Option<Value>) -> String {
    if json {
        let mut object = Map::new();
        if let Some(description) = description {
            object.insert("falco_describe_results".to_owned(), description);
        }
        let results = results.iter().map(LoadResult::json).collect();
        object.insert("falco_load_results".to_owned(), results);
        return Value::Object(object).to_string();
    }
    let mut text = String::new();
    for result in results {
        if !text.is_empty() {
            text.push('\n');
        }
        if result.is_successful() && !result.warnings.is_empty() {
            // Writing to a String cannot fail.
            _ = write!(text, "{}: Ok, with warnings", result.name);
        } else {
            text.push_str(&result.text());
        }
    }
    text
}
