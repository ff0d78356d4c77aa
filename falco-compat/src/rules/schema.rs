//! Whether a rules file has the shape that Falco's JSON schema (`falco --rule-schema`) describes.
//!
//! The schema is written down as a table, and its check reports what Falco's validator reports, in
//! its order and words, because people compare the two. Its oddities are kept: scalars have no type
//! of their own (`"26"` is a number, `yes` is no boolean), and duplicate keys fail.

mod shape;

use super::yaml::{Documents, Kind, Node, YamlError};
use shape::{RULES_FILE, Shape};

/// What the schema says about a file: one verdict or more per document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SchemaStatus(Vec<String>);

const OK: &str = "ok";

impl SchemaStatus {
    /// Whether the first document has the right shape; `None` if there was no document to check.
    pub fn is_valid(&self) -> Option<bool> {
        self.0.first().map(|verdict| verdict == OK)
    }

    /// What is wrong, nothing if the file is valid.
    pub fn warnings(&self) -> &[String] {
        if self.is_valid() == Some(false) { &self.0 } else { &[] }
    }

    /// `ok`, `failed` or `none`, as the log says it.
    pub fn verdict(&self) -> &str {
        self.0.first().map_or("none", String::as_str)
    }
}

/// Checks every document. A key that is no text is an error: Falco calls the file unparseable then.
pub(crate) fn validate(documents: &Documents) -> Result<SchemaStatus, YamlError> {
    let mut verdicts = Vec::new();
    for root in documents.roots() {
        let mut check = Check::default();
        if check.shape(root, &RULES_FILE)? {
            verdicts.push(OK.to_owned());
        } else {
            verdicts.append(&mut check.problems);
        }
    }
    Ok(SchemaStatus(verdicts))
}

/// Most problems reported of one document.
const MAX_PROBLEMS: usize = 1000;

#[derive(Default)]
struct Check {
    /// Keys and indices from the root to the node.
    path: Vec<String>,
    problems: Vec<String>,
}

impl Check {
    fn problem(&mut self, text: &str) -> bool {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(format!("failed for <root>{}: {text}", self.path.concat()));
        }
        false
    }

    fn shape(&mut self, node: Node<'_>, shape: &Shape) -> Result<bool, YamlError> {
        match shape {
            Shape::Any => Ok(true),
            Shape::Text => Ok(self.kind(node.kind() == Kind::Scalar)),
            Shape::Boolean => Ok(self.kind(matches!(node.scalar(), Some("true" | "false")))),
            Shape::Integer => Ok(self.kind(node.scalar().is_some_and(is_integer))),
            Shape::IntegerOrText => Ok(self.integer_or_text(node)),
            Shape::OneOf(values) => {
                let text = self.kind(node.kind() == Kind::Scalar);
                let known = node.scalar().is_some_and(|it| values.contains(&it))
                    || self.problem("Failed to match against any enum values.");
                Ok(text && known)
            }
            Shape::Sequence(element) => self.sequence(node, element),
            Shape::Map { properties, required, at_least_one } => {
                let mut valid = self.kind(node.kind() == Kind::Map);
                // Falco aborts when it finds an empty sequence instead.
                if node.kind() != Kind::Map {
                    return Ok(valid);
                }
                if *at_least_one && node.pairs().next().is_none() {
                    valid = self.problem("Object should have no fewer than 1 properties.");
                }
                valid &= self.properties(node, properties)?;
                for name in *required {
                    if find(node, name)?.is_none() {
                        valid = self.problem(&format!("Missing required property '{name}'."));
                    }
                }
                Ok(valid)
            }
        }
    }

    fn kind(&mut self, right: bool) -> bool {
        right || self.problem("Value type not permitted by 'type' constraint.")
    }

    fn integer_or_text(&mut self, node: Node<'_>) -> bool {
        if node.kind() == Kind::Scalar {
            return true;
        }
        for schema in 0..2 {
            self.kind(false);
            self.problem(&format!("Failed to validate against child schema #{schema}."));
        }
        self.problem("Failed to validate against any schemas allowed by anyOf constraint.")
    }

    fn sequence(&mut self, node: Node<'_>, element: &Shape) -> Result<bool, YamlError> {
        let mut valid = self.kind(node.kind() == Kind::Sequence);
        for (index, item) in node.elements().enumerate() {
            self.path.push(format!("[{index}]"));
            let item_valid = self.shape(item, element)?;
            self.path.pop();
            if !item_valid {
                valid = self.problem(&format!("Failed to validate item #{index} in array."));
            }
        }
        Ok(valid)
    }

    fn properties(
        &mut self,
        node: Node<'_>,
        properties: &[(&str, Shape)],
    ) -> Result<bool, YamlError> {
        let mut valid = true;
        let mut matched = Vec::new();
        for (name, shape) in properties {
            let Some(value) = find(node, name)? else { continue };
            matched.push(*name);
            self.path.push(format!("[{name}]"));
            let value_valid = self.shape(value, shape)?;
            self.path.pop();
            if !value_valid {
                valid = self.problem(&format!(
                    "Failed to validate against schema associated with property name '{name}'."
                ));
            }
        }
        if matched.len() != node.pairs().count() {
            let mut unwanted = "";
            for (key, _) in node.pairs() {
                let name = key.text_or_null()?;
                if !matched.contains(&name) {
                    unwanted = name;
                    break;
                }
            }
            return Ok(self.problem(&format!(
                "Object contains a property that could not be validated using 'properties' or \
                 'additionalProperties' constraints: '{unwanted}'."
            )));
        }
        Ok(valid)
    }
}

/// The value of a key; keys before it must be texts.
fn find<'a>(node: Node<'a>, name: &str) -> Result<Option<Node<'a>>, YamlError> {
    for (key, value) in node.pairs() {
        if key.text_or_null()? == name {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

/// Digits with an optional sign in the range of 64 bits; blanks before them are fine.
fn is_integer(text: &str) -> bool {
    text.trim_start_matches(|it: char| it.is_ascii_whitespace() || it == '\u{b}')
        .parse::<i64>()
        .is_ok()
}

#[cfg(test)]
mod tests;
