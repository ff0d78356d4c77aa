//! Falco's configuration, as far as it concerns us: `-c FILE` and `-o key=value`, under Falco's keys.
//!
//! Keys that Falco knows and that do not apply here (outputs, the web server, drivers) are accepted and
//! ignored. Keys that it does not know are a warning, as there. A value of the wrong type is an error with
//! its location, where Falco silently takes the default.

mod assign;
mod environment;
mod include;
mod known;
mod live;
mod own;
mod path;
mod settings;

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::Args;

pub(crate) use live::{
    Attach, Dialect, DropSettings, Engine, HttpSettings, KeepAlive, KubernetesSettings,
    LiveSettings, MetricsSettings, OutputSettings, ProbeSettings, Watch, WebSettings,
};
pub(crate) use own::{RunConfig, RunSources};
pub(crate) use settings::{BaseSyscalls, Settings};

use crate::{
    document::{self, Content, Node},
    exit::{Exit, Failure, OrExit as _, warn},
};

/// Where the configuration comes from: arguments of every subcommand that takes it.
#[derive(Debug, Default, Args)]
pub(crate) struct Sources {
    /// Falco configuration file
    #[arg(short, long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Set a configuration key, e.g. `json_output=true` or `append_output[0].suggested_output=true`
    #[arg(short = 'o', long = "option", value_name = "KEY=VALUE")]
    options: Vec<String>,
}

impl Sources {
    /// The settings.
    pub(crate) fn load(&self) -> Result<Settings, Failure> {
        load(self.config.as_deref(), &self.options)
    }

    /// The settings with `more` options, applied first.
    pub(crate) fn load_with(&self, more: &[String]) -> Result<Settings, Failure> {
        load(self.config.as_deref(), &[more, &self.options].concat())
    }
}

/// Reads `file` if there is one, applies `options` in order, and gives the typed settings. Warnings go to
/// stderr.
fn load(file: Option<&Path>, options: &[String]) -> Result<Settings, Failure> {
    let mut root = match file {
        Some(file) => read(file)?,
        None => Node::new(Content::Map(Vec::new())),
    };
    include::merge(&mut root, &read)?;
    assign_all(&mut root, options)?;
    let place = file.map_or_else(|| "configuration".to_owned(), |it| it.display().to_string());
    for key in known::unknown_keys(&root) {
        warn(format_args!("{place}: unknown key `{}`", key.path));
    }
    Settings::from_document(&root).or_exit_with(Exit::Config, || place)
}

fn assign_all(root: &mut Node, options: &[String]) -> Result<(), Failure> {
    options.iter().try_for_each(|option| {
        assign::assign(root, option).or_exit_with(Exit::Config, || format!("option `-o {option}`"))
    })
}

fn read(file: &Path) -> Result<Node, Failure> {
    let text = fs::read_to_string(file)
        .or_exit_with(Exit::File, || format!("cannot read `{}`", file.display()))?;
    let mut root =
        document::parse(&text).or_exit_with(Exit::Config, || file.display().to_string())?;
    if root.content == Content::Null {
        root.content = Content::Map(Vec::new());
    }
    environment::expand(&mut root, &|name| std::env::var(name).ok());
    Ok(root)
}

#[cfg(test)]
mod tests;
