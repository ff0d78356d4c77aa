//! The configuration of `run`: our own `innerwarden.yaml`, an installed Falco's, or the one on top of the other.
//!
//! Both have the same keys, so that whoever knows one knows the other. Ours is strict: a key that nobody knows is an
//! error with its line. In Falco's file it is a warning, as there, and so is a key that has no effect here.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Dialect, LiveSettings, Settings, assign_all, include, known, live, read};
use crate::{
    document::{Content, Node},
    exit::{Exit, Failure, OrExit as _, warn},
    log,
};

/// Our configuration, where none is named.
const OWN_FILE: &str = "/etc/innerwarden/innerwarden.yaml";

/// Where the configuration comes from: arguments of `run`.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct RunSources {
    /// Configuration file [default: /etc/innerwarden/innerwarden.yaml, if it is there]
    #[arg(short, long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Take over the configuration of an installed Falco, e.g. /etc/falco/falco.yaml; `--config` goes on top
    #[arg(long, value_name = "FILE")]
    falco_config: Option<PathBuf>,

    /// Set a configuration key, e.g. `json_output=true` or `append_output[0].suggested_output=true`
    #[arg(short = 'o', long = "option", value_name = "KEY=VALUE")]
    options: Vec<String>,
}

/// The configuration of `run`, read.
#[derive(Clone, Debug)]
pub(crate) struct RunConfig {
    /// Of rules and alerts.
    pub(crate) settings: Settings,
    /// Of everything else.
    pub(crate) live: LiveSettings,
    /// Whose defaults count.
    pub(crate) dialect: Dialect,
    /// The files and folders that it was, or would be, read from.
    pub(crate) files: Vec<PathBuf>,
}

impl RunSources {
    /// Reads files and options.
    pub(crate) fn load(&self) -> Result<RunConfig, Failure> {
        let mut files = Vec::new();
        let mut root = Node::new(Content::Map(Vec::new()));
        let mut dialect = Dialect::Own;
        if let Some(file) = &self.falco_config {
            dialect = Dialect::Falco;
            root = Self::falco(file, &mut files)?;
        }
        let usual = Path::new(OWN_FILE);
        let usual = (self.falco_config.is_none() && usual.exists()).then_some(usual);
        if let Some(file) = self.config.as_deref().or(usual) {
            include::lay_over(&mut root, own(file, &mut files)?);
        }
        let mut options = Node::new(Content::Map(Vec::new()));
        assign_all(&mut options, &self.options)?;
        refuse_unknown_keys(&options, "option")?;
        assign_all(&mut root, &self.options)?;
        let place = || match files.first() {
            Some(file) => file.display().to_string(),
            None => "configuration".to_owned(),
        };
        let settings = Settings::from_document(&root).or_exit_with(Exit::Config, place)?;
        let live = LiveSettings::from_document(&root, dialect).or_exit_with(Exit::Config, place)?;
        Ok(RunConfig { settings, live, dialect, files })
    }

    fn falco(file: &Path, files: &mut Vec<PathBuf>) -> Result<Node, Failure> {
        let mut root = read(file)?;
        files.push(file.to_owned());
        files.extend(include::merge(&mut root, &read)?);
        for key in known::unknown_keys(&root) {
            warn(format_args!("{}: unknown key `{}`", file.display(), key.path));
        }
        // Options could hide a bad value, but then the file is still wrong for the next start.
        let unused = live::without_effect(&root, Dialect::Falco);
        if !unused.is_empty() {
            let unused = unused.iter().map(|(key, reason)| format!("\n  {key}: {reason}"));
            let unused = unused.collect::<String>();
            log::info(format_args!("{}: without effect here:{unused}", file.display()));
        }
        Ok(root)
    }
}

fn own(file: &Path, files: &mut Vec<PathBuf>) -> Result<Node, Failure> {
    let mut root = read(file)?;
    let place = || file.display().to_string();
    files.push(file.to_owned());
    refuse_unknown_keys(&root, &place())?;
    // Checked before files are merged in, so that what is wrong is blamed on the right one.
    LiveSettings::from_document(&root, Dialect::Own).or_exit_with(Exit::Config, place)?;
    Settings::from_document(&root).or_exit_with(Exit::Config, place)?;
    files.extend(include::merge(&mut root, &|file| {
        let included = read(file)?;
        refuse_unknown_keys(&included, &file.display().to_string())?;
        Ok(included)
    })?);
    if let Some((key, reason)) = live::without_effect(&root, Dialect::Own).first() {
        let message = format!("{}: `{key}` has no effect here: {reason}", file.display());
        return Err(Failure::new(Exit::Config, message));
    }
    Ok(root)
}

fn refuse_unknown_keys(root: &Node, place: &str) -> Result<(), Failure> {
    let Some(key) = known::unknown_keys(root).into_iter().next() else { return Ok(()) };
    let line = if key.line == 0 { String::new() } else { format!("line {}: ", key.line) };
    Err(Failure::new(Exit::Config, format_args!("{place}: {line}unknown key `{}`", key.path)))
}
