//! Builds documents from tokens.

mod collection;

use std::collections::{HashMap, HashSet};

use super::{
    YamlError,
    cursor::Mark,
    document::{Documents, NodeId},
    node::Content,
    scanner::Scanner,
    token::{Token, TokenKind},
};
use collection::{Collection, Shape};

/// Deepest nesting of nodes; what is deeper is an error. yaml-cpp stops at 500, which would cost more
/// stack than a thread may have.
const MAX_DEPTH: usize = 200;

/// Reads one document after the other.
#[derive(Debug)]
pub(super) struct Parser<'a> {
    scanner: Scanner<'a>,
    depth: usize,
    anchors: HashMap<Vec<u8>, NodeId>,
    /// The collections the parser is in; only a flow sequence may hold a lone `a: b`.
    collections: Vec<Collection>,
}

/// What stands before a node.
#[derive(Debug, Default)]
struct Properties {
    anchor: Option<Vec<u8>>,
    tagged: bool,
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self {
            scanner: Scanner::new(text),
            depth: 0,
            anchors: HashMap::new(),
            collections: Vec::new(),
        }
    }

    /// The root of the next document, `None` if there is no more.
    pub(super) fn next_document(
        &mut self,
        documents: &mut Documents,
    ) -> Result<Option<NodeId>, YamlError> {
        self.directives()?;
        let Some(kind) = self.peek_kind()? else { return Ok(None) };
        if kind == TokenKind::DocumentStart {
            self.scanner.pop()?;
        }
        self.anchors.clear();
        let root = self.node(documents)?;
        while self.peek_kind()? == Some(TokenKind::DocumentEnd) {
            self.scanner.pop()?;
        }
        Ok(Some(root))
    }

    fn peek_kind(&mut self) -> Result<Option<TokenKind>, YamlError> {
        Ok(self.scanner.peek()?.map(|token| token.kind))
    }

    fn directives(&mut self) -> Result<(), YamlError> {
        let mut version_seen = false;
        let mut handles = HashSet::new();
        while self.peek_kind()? == Some(TokenKind::Directive) {
            let Some(token) = self.scanner.pop()? else { break };
            match token.value.as_slice() {
                b"YAML" => {
                    version_directive(&token, version_seen)?;
                    version_seen = true;
                }
                b"TAG" => {
                    if token.arguments.len() != 2 {
                        let message = "TAG directives must have exactly two arguments";
                        return Err(YamlError::new(token.mark, message));
                    }
                    if !token.arguments.first().is_none_or(|it| handles.insert(it.clone())) {
                        return Err(YamlError::new(token.mark, "repeated TAG directive"));
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn node(&mut self, documents: &mut Documents) -> Result<NodeId, YamlError> {
        self.depth += 1;
        if self.depth >= MAX_DEPTH {
            return Err(YamlError::new(self.scanner.mark(), "bad file"));
        }
        let node = self.node_inside(documents);
        self.depth -= 1;
        node
    }

    fn node_inside(&mut self, documents: &mut Documents) -> Result<NodeId, YamlError> {
        let Some(token) = self.scanner.peek()? else {
            return Ok(documents.add(self.scanner.mark(), Content::Null));
        };
        let mark = token.mark;
        if token.kind == TokenKind::Value {
            return self.collection(documents, None, mark, Shape::CompactNoKey);
        }
        if token.kind == TokenKind::Alias {
            let Some(token) = self.scanner.pop()? else {
                return Ok(documents.add(mark, Content::Null));
            };
            return self.anchors.get(&token.value).copied().ok_or_else(|| {
                let name = String::from_utf8_lossy(&token.value).into_owned();
                YamlError::new(mark, format!("the referenced anchor is not defined: {name}"))
            });
        }
        let properties = self.properties()?;
        let anchor = properties.anchor;
        let Some(token) = self.scanner.peek()? else {
            return Ok(self.leaf(documents, anchor, mark, Content::Null));
        };
        match token.kind {
            TokenKind::PlainScalar | TokenKind::NonPlainScalar => {
                let plain = token.kind == TokenKind::PlainScalar;
                let text = self.scanner.pop()?.map(|token| token.value).unwrap_or_default();
                let content = if plain && !properties.tagged && is_null(&text) {
                    Content::Null
                } else {
                    Content::Scalar(into_text(text))
                };
                Ok(self.leaf(documents, anchor, mark, content))
            }
            TokenKind::BlockSequenceStart => {
                self.collection(documents, anchor, mark, Shape::BlockSequence)
            }
            TokenKind::FlowSequenceStart => {
                self.collection(documents, anchor, mark, Shape::FlowSequence)
            }
            TokenKind::BlockMapStart => self.collection(documents, anchor, mark, Shape::BlockMap),
            TokenKind::FlowMapStart => self.collection(documents, anchor, mark, Shape::FlowMap),
            TokenKind::Key if self.collections.last() == Some(&Collection::FlowSequence) => {
                self.collection(documents, anchor, mark, Shape::Compact)
            }
            _ if properties.tagged => {
                Ok(self.leaf(documents, anchor, mark, Content::Scalar(String::new())))
            }
            _ => Ok(self.leaf(documents, anchor, mark, Content::Null)),
        }
    }

    fn leaf(
        &mut self,
        documents: &mut Documents,
        anchor: Option<Vec<u8>>,
        mark: Mark,
        content: Content,
    ) -> NodeId {
        let id = documents.add(mark, content);
        if let Some(name) = anchor {
            self.anchors.insert(name, id);
        }
        id
    }

    fn properties(&mut self) -> Result<Properties, YamlError> {
        let mut properties = Properties::default();
        while let Some(token) = self.scanner.peek()? {
            let mark = token.mark;
            match token.kind {
                TokenKind::Tag if properties.tagged => {
                    let message = "cannot assign multiple tags to the same node";
                    return Err(YamlError::new(mark, message));
                }
                TokenKind::Tag => properties.tagged = true,
                TokenKind::Anchor if properties.anchor.is_some() => {
                    let message = "cannot assign multiple anchors to the same node";
                    return Err(YamlError::new(mark, message));
                }
                TokenKind::Anchor => properties.anchor = Some(token.value.clone()),
                _ => break,
            }
            self.scanner.pop()?;
        }
        Ok(properties)
    }
}

fn is_null(text: &[u8]) -> bool {
    matches!(text, b"" | b"~" | b"null" | b"Null" | b"NULL")
}

/// The input is UTF-8 and scalars are cut at ASCII bytes, so nothing is lost here.
fn into_text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

fn version_directive(token: &Token, repeated: bool) -> Result<(), YamlError> {
    let [version] = token.arguments.as_slice() else {
        let message = "YAML directives must have exactly one argument";
        return Err(YamlError::new(token.mark, message));
    };
    if repeated {
        return Err(YamlError::new(token.mark, "repeated YAML directive"));
    }
    let version = String::from_utf8_lossy(version);
    let parsed = version
        .split_once(|separator: char| !separator.is_ascii_digit())
        .and_then(|(major, minor)| Some((major.parse::<i32>().ok()?, minor.parse::<i32>().ok()?)));
    match parsed {
        None => Err(YamlError::new(token.mark, format!("bad YAML version: {version}"))),
        Some((major, _)) if major > 1 => {
            Err(YamlError::new(token.mark, "YAML major version too large"))
        }
        Some(_) => Ok(()),
    }
}
