//! Where in which rules file something is: the chain of items around it, and its line.

use std::{fmt::Write as _, sync::Arc};

use super::yaml::{Mark, Node};
use crate::condition::Position;

/// What a location is about; the texts are Falco's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are Falco's own")]
pub enum ItemType {
    ValueFor,
    Exceptions,
    Exception,
    ExceptionValues,
    ExceptionValue,
    RulesContent,
    RulesContentItem,
    RequiredEngineVersion,
    RequiredPluginVersions,
    RequiredPluginVersionsEntry,
    RequiredPluginVersionsAlternative,
    List,
    ListItem,
    Macro,
    MacroCondition,
    Rule,
    RuleCondition,
    ConditionExpression,
    RuleOutput,
    RulePriority,
    Overrides,
}

impl ItemType {
    /// As reports print it.
    pub fn text(self) -> &'static str {
        match self {
            Self::ValueFor => "value for",
            Self::Exceptions => "exceptions",
            Self::Exception => "exception",
            Self::ExceptionValues => "exception values",
            Self::ExceptionValue => "exception value",
            Self::RulesContent => "rules content",
            Self::RulesContentItem => "rules content item",
            Self::RequiredEngineVersion => "required_engine_version",
            Self::RequiredPluginVersions => "required plugin versions",
            Self::RequiredPluginVersionsEntry => "required plugin versions entry",
            Self::RequiredPluginVersionsAlternative => "required plugin versions alternative",
            Self::List => "list",
            Self::ListItem => "list item",
            Self::Macro => "macro",
            Self::MacroCondition => "macro condition",
            Self::Rule => "rule",
            Self::RuleCondition => "rule condition",
            Self::ConditionExpression => "condition expression",
            Self::RuleOutput => "rule output",
            Self::RulePriority => "rule priority",
            Self::Overrides => "overrides",
        }
    }
}

/// One link of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The file, or the quoted beginning of a condition.
    pub file: Arc<str>,
    /// Zero-based line.
    pub line: usize,
    /// Zero-based column, in bytes.
    pub column: usize,
    /// Bytes from the start.
    pub offset: usize,
    /// What is here.
    pub item_type: ItemType,
    /// Its name, empty if it has none.
    pub item_name: Arc<str>,
}

/// A place in a rules file with the items around it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Context(Arc<Link>);

#[derive(Debug)]
struct Link {
    location: Location,
    parent: Option<Context>,
    /// The text that the location's offset counts in, and that a snippet shows.
    content: Arc<str>,
}

impl Context {
    /// A whole file.
    pub(crate) fn file(name: &str, content: &Arc<str>) -> Self {
        let location = Location {
            file: Arc::from(name),
            line: 0,
            column: 0,
            offset: 0,
            item_type: ItemType::RulesContent,
            item_name: Arc::from(""),
        };
        Self(Arc::new(Link { location, parent: None, content: Arc::clone(content) }))
    }

    /// The file this is in.
    pub(crate) fn root(&self) -> Self {
        let mut link = self;
        while let Some(parent) = &link.0.parent {
            link = parent;
        }
        link.clone()
    }

    /// A node inside of what `self` is.
    pub(crate) fn at(&self, node: Node<'_>, item_type: ItemType, item_name: &str) -> Self {
        self.at_mark(node.mark(), item_type, item_name)
    }

    /// A place inside of what `self` is.
    pub(crate) fn at_mark(&self, mark: Mark, item_type: ItemType, item_name: &str) -> Self {
        let location = Location {
            file: Arc::clone(&self.0.location.file),
            line: mark.line,
            column: mark.column,
            offset: mark.offset,
            item_type,
            item_name: Arc::from(item_name),
        };
        let content = Arc::clone(&self.0.content);
        Self(Arc::new(Link { location, parent: Some(self.clone()), content }))
    }

    /// A place in a condition's text. As Falco does, its numbers (from 1) are added to those of the
    /// node that holds the condition (from 0); `None` is the condition as a whole.
    pub(crate) fn in_condition(&self, position: Option<Position>, condition: &str) -> Self {
        let (index, line, column) =
            position.map_or((0, 0, 0), |position| (position.index, position.line, position.column));
        let base = &self.0.location;
        let location = Location {
            file: Arc::from(condition_name(condition)),
            line: base.line + line,
            column: base.column + column,
            offset: base.offset + index,
            item_type: ItemType::ConditionExpression,
            item_name: Arc::from(""),
        };
        let content =
            if condition.is_empty() { Arc::clone(&self.0.content) } else { Arc::from(condition) };
        Self(Arc::new(Link { location, parent: Some(self.clone()), content }))
    }

    /// The chain, outermost first. There is always one.
    pub fn locations(&self) -> Vec<&Location> {
        let mut chain = vec![&self.0.location];
        let mut link = &self.0;
        while let Some(parent) = &link.parent {
            link = &parent.0;
            chain.push(&link.location);
        }
        chain.reverse();
        chain
    }

    /// The chain as text, one line a link.
    pub fn chain(&self) -> String {
        let mut text = String::new();
        for (index, location) in self.locations().into_iter().enumerate() {
            text.push_str(if index == 0 { "In " } else { "    " });
            text.push_str(location.item_type.text());
            if !location.item_name.is_empty() {
                // Writing to a String cannot fail.
                _ = write!(text, " '{}'", location.item_name);
            }
            let Location { file, line, column, .. } = location;
            _ = writeln!(text, ": ({file}:{line}:{column})");
        }
        text
    }

    /// The innermost location in a file, and the text of that file.
    pub(super) fn in_file(&self) -> (&Location, &str) {
        let mut link = &self.0;
        while let (ItemType::ConditionExpression, Some(parent)) =
            (link.location.item_type, &link.parent)
        {
            link = &parent.0;
        }
        (&link.location, &link.content)
    }

    /// If this is a place in a condition: the condition up to there.
    pub(super) fn condition_so_far(&self) -> Option<&str> {
        let Link { location, parent: Some(parent), content } = &*self.0 else { return None };
        if location.item_type != ItemType::ConditionExpression {
            return None;
        }
        content.get(..location.offset.checked_sub(parent.0.location.offset)?)
    }

    /// The line of the innermost location and a caret under it.
    pub fn snippet(&self) -> String {
        snippet(self.0.content.as_bytes(), self.0.location.offset)
    }
}

/// How a condition is called where a file name would be.
fn condition_name(condition: &str) -> String {
    const LONGEST: usize = 20;
    let bytes = condition.as_bytes();
    let shown = match bytes.get(..LONGEST - 3) {
        Some(start) if bytes.len() > LONGEST => {
            format!("\"{}...\"", String::from_utf8_lossy(start))
        }
        _ => format!("\"{condition}\""),
    };
    shown.replace(['\n', '\r'], " ")
}

/// Bytes of a line shown on either side of a location.
const HALF_WIDTH: usize = 80;

fn snippet(content: &[u8], offset: usize) -> String {
    const NOTHING: &str = "<No context available>\n";
    if content.is_empty() {
        return NOTHING.to_owned();
    }
    let is_newline = |index: usize| content.get(index) == Some(&b'\n');
    // A position may be behind the end, or at a line end; step back to text.
    let mut at = offset.min(content.len());
    while at > 0 && (at >= content.len() || is_newline(at)) {
        at -= 1;
    }
    let mut from = at;
    while from > 0 && !is_newline(from) && at - from < HALF_WIDTH {
        from -= 1;
    }
    let mut to = at;
    while to < content.len() - 1 && !is_newline(to) && to - at < HALF_WIDTH {
        to += 1;
    }
    if is_newline(from) {
        from += 1;
    }
    if is_newline(to) {
        to = to.saturating_sub(1);
    }
    let shown = content.get(from..=to).unwrap_or_default();
    if shown.is_empty() {
        return NOTHING.to_owned();
    }
    let mut line = shown.to_vec();
    if at.saturating_sub(from) >= HALF_WIDTH {
        line.splice(..3.min(line.len()), *b"...");
    }
    if to.saturating_sub(at) >= HALF_WIDTH {
        line.splice(line.len().saturating_sub(3).., *b"...");
    }
    let mut text = String::from_utf8_lossy(&line).into_owned();
    text.push('\n');
    if let Some(indent) = at.checked_sub(from)
        && indent <= line.len()
    {
        text.push_str(&" ".repeat(indent));
        text.push_str("^\n");
    }
    text
}

#[cfg(test)]
mod tests;
