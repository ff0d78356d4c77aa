//! What loading one rules file gave, as text and as JSON.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::{
    issue::{LoadError, LoadWarning, WarningCode},
    location::Context,
    pointer::pointer,
    schema::SchemaStatus,
};

/// The result of loading one file: its errors and warnings, and what its schema says.
#[derive(Clone, Debug)]
pub struct LoadResult {
    /// The file.
    pub name: String,
    /// At most one: loading stops there.
    pub errors: Vec<LoadError>,
    /// In the order found. Those about rules of earlier files are found again by every load.
    pub warnings: Vec<LoadWarning>,
    /// Whether the file has the shape of a rules file; does not decide whether it loads.
    pub schema: SchemaStatus,
}

impl LoadResult {
    pub(crate) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            errors: Vec::new(),
            warnings: Vec::new(),
            schema: SchemaStatus::default(),
        }
    }

    /// Whether the file's rules are in force.
    pub fn is_successful(&self) -> bool {
        self.errors.is_empty()
    }

    pub(crate) fn warn(&mut self, code: WarningCode, message: impl Into<String>, at: &Context) {
        self.warnings.push(LoadWarning {
            code,
            message: message.into(),
            context: at.clone(),
            deprecated_field: None,
        });
    }

    pub(crate) fn warn_deprecated_field(
        &mut self,
        (field, reason): (&'static str, &'static str),
        message: impl Into<String>,
        at: &Context,
    ) {
        self.warnings.push(LoadWarning {
            code: WarningCode::DeprecatedItem,
            message: message.into(),
            context: at.clone(),
            deprecated_field: Some((field, reason)),
        });
    }

    /// `FILE: Ok`, `FILE: Ok, with warnings` or `FILE: Invalid`.
    fn headline(&self) -> String {
        let verdict = match (self.is_successful(), self.warnings.is_empty()) {
            (false, _) => "Invalid",
            (true, true) => "Ok",
            (true, false) => "Ok, with warnings",
        };
        if self.name.is_empty() { verdict.to_owned() } else { format!("{}: {verdict}", self.name) }
    }

    /// Everything with locations and snippets.
    pub fn text(&self) -> String {
        let mut text = self.headline();
        let schema_warnings = self.schema.warnings();
        if !schema_warnings.is_empty() {
            _ = write!(text, "\n{} Schema warnings:\n", schema_warnings.len());
            for warning in schema_warnings {
                _ = write!(text, "------\n{warning}\n");
            }
            text.push_str("------\n");
        }
        if !self.errors.is_empty() {
            _ = write!(text, "\n{} Errors:\n", self.errors.len());
        }
        for error in &self.errors {
            let LoadError { code, message, context, culprit } = error;
            block(&mut text, context);
            _ = writeln!(text, "{} ({}): {message}", code.code(), code.description());
            text.push_str(&pointer(context, culprit));
        }
        if !self.warnings.is_empty() {
            _ = write!(text, "\n{} Warnings:\n", self.warnings.len());
        }
        for warning in &self.warnings {
            block(&mut text, &warning.context);
            let LoadWarning { code, message, .. } = warning;
            _ = writeln!(text, "{} ({}): {message}", code.code(), warning.short());
        }
        text
    }

    /// Codes only, on a few lines.
    pub fn summary(&self) -> String {
        let mut text = self.headline();
        let mut list = |kind: &str, items: Vec<String>| {
            if !items.is_empty() {
                _ = write!(text, "\n {} {kind}: [{}]", items.len(), items.join(" "));
            }
        };
        list("schema warnings", self.schema.warnings().to_vec());
        let errors = self.errors.iter();
        let errors = errors.map(|it| format!("{} ({})", it.code.code(), it.code.description()));
        list("errors", errors.collect());
        let warnings = self.warnings.iter();
        let warnings = warnings.map(|it| format!("{} ({})", it.code.code(), it.short()));
        list("warnings", warnings.collect());
        text
    }

    /// One element of `falco_load_results`.
    pub fn json(&self) -> Value {
        let mut object = Map::new();
        let errors = self.errors.iter().map(|error| {
            json!({
                "code": error.code.code(),
                "codedesc": error.code.description(),
                "context": context_json(&error.context),
                "message": error.message,
            })
        });
        object.insert("errors".to_owned(), errors.collect());
        object.insert("name".to_owned(), Value::from(self.name.as_str()));
        if let Some(valid) = self.schema.is_valid() {
            object.insert("schema_valid".to_owned(), Value::from(valid));
            object.insert("schema_warnings".to_owned(), Value::from(self.schema.warnings()));
        }
        object.insert("successful".to_owned(), Value::from(self.is_successful()));
        object.insert("warnings".to_owned(), self.warnings.iter().map(LoadWarning::json).collect());
        Value::Object(object)
    }
}

impl LoadWarning {
    fn short(&self) -> String {
        match self.deprecated_field {
            Some((field, _)) => format!("{}: field '{field}'", self.code.short()),
            None => self.code.short().to_owned(),
        }
    }

    fn json(&self) -> Value {
        let mut object = json!({
            "code": self.code.code(),
            "codedesc": self.code.description(),
            "context": context_json(&self.context),
        });
        if let (Some(object), Some((field, _))) = (object.as_object_mut(), self.deprecated_field) {
            object.insert("deprecated_field".to_owned(), Value::from(field));
        }
        if let Some(object) = object.as_object_mut() {
            object.insert("message".to_owned(), Value::from(self.message.as_str()));
        }
        object
    }
}

fn block(text: &mut String, context: &Context) {
    _ = write!(text, "{}------\n{}------\n", context.chain(), context.snippet());
}

fn context_json(context: &Context) -> Value {
    let locations = context.locations().into_iter().map(|location| {
        json!({
            "item_name": &*location.item_name,
            "item_type": location.item_type.text(),
            "position": {
                "column": location.column,
                "line": location.line,
                "name": &*location.file,
                "offset": location.offset,
            },
        })
    });
    json!({ "locations": locations.collect::<Vec<_>>(), "snippet": context.snippet() })
}
