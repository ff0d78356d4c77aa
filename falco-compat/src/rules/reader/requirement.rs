//! `required_engine_version` and `required_plugin_versions`.

use super::{
    Kind, LoadError, Node, Reader,
    value::{parse_u32, text},
};
use crate::rules::{
    Version,
    definition::PluginRequirement,
    location::{Context, ItemType},
};

impl Reader<'_> {
    pub(super) fn engine_version(&mut self, item: Node<'_>) -> Result<(), LoadError> {
        const KEY: &str = "required_engine_version";
        let context = self.file.at(item, ItemType::RequiredEngineVersion, "");
        let text = text(item, KEY, &context)?;
        let version = match parse_u32(text) {
            Some(minor) => Version { minor, ..Version::default() },
            None => Version::parse(text).ok_or_else(|| {
                let message = format!(
                    "Unable to parse engine version '{text}' as a semver string. Expected \
                     \"x.y.z\" semver format."
                );
                LoadError::structure(message, &context)
            })?,
        };
        self.collector.require_engine(version, &context)?;
        self.warn_unknown_keys(item, &[KEY], &context)
    }

    pub(super) fn plugin_versions(
        &mut self,
        item: Node<'_>,
        requirements: Node<'_>,
    ) -> Result<(), LoadError> {
        let context = self.file.at(requirements, ItemType::RequiredPluginVersions, "");
        if requirements.kind() != Kind::Sequence {
            let message = "Value of required_plugin_versions must be a sequence";
            return Err(LoadError::structure(message, &context));
        }
        for plugin in requirements.elements() {
            self.plugin_version(plugin, &context)?;
        }
        let context = self.file.at(item, ItemType::RequiredPluginVersions, "");
        self.warn_unknown_keys(item, &["required_plugin_versions"], &context)
    }

    fn plugin_version(&mut self, plugin: Node<'_>, context: &Context) -> Result<(), LoadError> {
        const ENTRY: ItemType = ItemType::RequiredPluginVersionsEntry;
        const ALTERNATIVE: ItemType = ItemType::RequiredPluginVersionsAlternative;
        let unnamed = context.at(plugin, ENTRY, "");
        if plugin.kind() != Kind::Map {
            return Err(LoadError::structure("Plugin version must be a mapping", &unnamed));
        }
        let name = text(plugin, "name", &unnamed)?;
        let named = context.at(plugin, ENTRY, name);
        let mut alternatives = vec![requirement(plugin, name, &named)?];
        if let Some(others) = plugin.value_of("alternatives") {
            if others.kind() != Kind::Sequence {
                let message = "Value of plugin version alternatives must be a sequence";
                return Err(LoadError::structure(message, &named));
            }
            for other in others.elements() {
                let unnamed = named.at(other, ALTERNATIVE, "");
                if other.kind() != Kind::Map {
                    let message = "Plugin version alternative must be a mapping";
                    return Err(LoadError::structure(message, &unnamed));
                }
                let name = text(other, "name", &unnamed)?;
                let named = named.at(other, ALTERNATIVE, name);
                alternatives.push(requirement(other, name, &named)?);
            }
        }
        self.collector.require_plugin(alternatives, &named)
    }
}

fn requirement(
    node: Node<'_>,
    name: &str,
    context: &Context,
) -> Result<PluginRequirement, LoadError> {
    let version = text(node, "version", context)?;
    Ok(PluginRequirement { name: name.to_owned(), version: version.to_owned() })
}
