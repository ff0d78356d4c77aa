//! Errors and warnings about rules files: codes, their descriptions, and one occurrence.

use super::location::Context;

/// Why a rules file was rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorCode {
    /// The file cannot be read.
    FileRead,
    /// It is not YAML.
    YamlParse,
    /// Its structure is wrong.
    YamlValidate,
    /// A condition is wrong.
    CompileCondition,
    /// An output is wrong.
    CompileOutput,
    /// An item contradicts others or itself.
    Validate,
}

impl ErrorCode {
    /// `LOAD_ERR_…`.
    pub fn code(self) -> &'static str {
        match self {
            Self::FileRead => "LOAD_ERR_FILE_READ",
            Self::YamlParse => "LOAD_ERR_YAML_PARSE",
            Self::YamlValidate => "LOAD_ERR_YAML_VALIDATE",
            Self::CompileCondition => "LOAD_ERR_COMPILE_CONDITION",
            Self::CompileOutput => "LOAD_ERR_COMPILE_OUTPUT",
            Self::Validate => "LOAD_ERR_VALIDATE",
        }
    }

    /// What the code means.
    pub fn description(self) -> &'static str {
        match self {
            Self::FileRead => "File read error",
            Self::YamlParse => "YAML parse error",
            Self::YamlValidate => "Error validating internal structure of YAML file",
            Self::CompileCondition => "Error compiling condition",
            Self::CompileOutput => "Error compiling output",
            Self::Validate => "Error validating rule/macro/list/exception objects",
        }
    }
}

/// What may be wrong with rules that load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are Falco's codes, `short` says what they mean")]
#[non_exhaustive]
pub enum WarningCode {
    UnknownSource,
    UnsafeNaCheck,
    NoEventType,
    UnknownFilter,
    UnusedMacro,
    UnusedList,
    UnknownItem,
    DeprecatedItem,
    AppendNoValues,
    ExceptionNameNotUnique,
    InvalidMacroName,
    InvalidListName,
    CompileCondition,
    UnknownKey,
}

impl WarningCode {
    /// `LOAD_…`.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnknownSource => "LOAD_UNKNOWN_SOURCE",
            Self::UnsafeNaCheck => "LOAD_UNSAFE_NA_CHECK",
            Self::NoEventType => "LOAD_NO_EVTTYPE",
            Self::UnknownFilter => "LOAD_UNKNOWN_FILTER",
            Self::UnusedMacro => "LOAD_UNUSED_MACRO",
            Self::UnusedList => "LOAD_UNUSED_LIST",
            Self::UnknownItem => "LOAD_UNKNOWN_ITEM",
            Self::DeprecatedItem => "LOAD_DEPRECATED_ITEM",
            Self::AppendNoValues => "LOAD_APPEND_NO_VALUES",
            Self::ExceptionNameNotUnique => "LOAD_EXCEPTION_NAME_NOT_UNIQUE",
            Self::InvalidMacroName => "LOAD_INVALID_MACRO_NAME",
            Self::InvalidListName => "LOAD_INVALID_LIST_NAME",
            Self::CompileCondition => "LOAD_COMPILE_CONDITION",
            Self::UnknownKey => "LOAD_UNKNOWN_KEY",
        }
    }

    /// What the code means, in a few words.
    pub fn short(self) -> &'static str {
        match self {
            Self::UnknownSource => "Unknown event source",
            Self::UnsafeNaCheck => "Unsafe <NA> comparison in condition",
            Self::NoEventType => "Condition has no event-type restriction",
            Self::UnknownFilter => "Unknown field or event-type in condition or output",
            Self::UnusedMacro => "Unused macro",
            Self::UnusedList => "Unused list",
            Self::UnknownItem => "Unknown rules file item",
            Self::DeprecatedItem => "Used deprecated item",
            Self::AppendNoValues => "Overriding/appending with no values",
            Self::ExceptionNameNotUnique => "Multiple exceptions defined with the same name",
            Self::InvalidMacroName => "Invalid macro name",
            Self::InvalidListName => "Invalid list name",
            Self::CompileCondition => "Warning in rule condition",
            Self::UnknownKey => "Unknown key in item definition",
        }
    }

    /// What the code means and what to do about it.
    pub fn description(self) -> &'static str {
        match self {
            Self::UnknownSource => {
                "A rule has a unknown event source. This can occur when reading rules content \
                 without having a corresponding plugin loaded, etc. The rule will be silently \
                 ignored."
            }
            Self::UnsafeNaCheck => {
                "Comparing a field value with <NA> is unsafe and can lead to unpredictable \
                 behavior of the rule condition. If you need to check for the existence of a \
                 field, consider using the 'exists' operator instead."
            }
            Self::NoEventType => {
                "A rule condition matches too many evt.type values. This has a significant \
                 performance penalty. Make the condition more specific by adding an evt.type field \
                 or further restricting the number of evt.type values in the condition."
            }
            Self::UnknownFilter => {
                "A rule condition or output refers to a field or evt.type that does not exist. \
                 This is normally an error, but if a rule has a skip-if-unknown-filter property, \
                 the error is downgraded to a warning."
            }
            Self::UnusedMacro => {
                "A macro is defined in the rules content but is not used by any other macro or rule."
            }
            Self::UnusedList => {
                "A list is defined in the rules content but is not used by any other list, macro, \
                 or rule."
            }
            Self::UnknownItem => {
                "An unknown top-level object is in the rules content. It will be ignored."
            }
            Self::DeprecatedItem => "A deprecated item is employed by lists, macros, or rules.",
            Self::AppendNoValues => "A rule exception is overriding/appending with no values",
            Self::ExceptionNameNotUnique => {
                "A rule is defining multiple exceptions with the same name"
            }
            Self::InvalidMacroName => "A macro is defined with an invalid name",
            Self::InvalidListName => "A list is defined with an invalid name",
            Self::CompileCondition => "A rule condition or output have been parsed with a warning",
            Self::UnknownKey => {
                "An item in the rules content contains an unrecognized key. The key will be \
                 ignored. This may indicate a typo or a property placed on the wrong item type."
            }
        }
    }
}

/// Why loading a file stopped.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct LoadError {
    /// The kind.
    pub code: ErrorCode,
    /// In Falco's words.
    pub message: String,
    /// Where.
    pub context: Context,
    /// What exactly, for a person.
    pub(crate) culprit: Culprit,
}

/// What in a file is to blame for an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Culprit {
    /// This text, wherever it is.
    Text(String),
    /// What is at the innermost location.
    Here,
    /// Nothing smaller than the item.
    Item,
}

impl LoadError {
    /// A structural error.
    pub(crate) fn structure(message: impl Into<String>, context: &Context) -> Self {
        Self::new(ErrorCode::YamlValidate, message, context)
    }

    /// A contradiction.
    pub(crate) fn validate(message: impl Into<String>, context: &Context) -> Self {
        Self::new(ErrorCode::Validate, message, context)
    }

    pub(crate) fn new(code: ErrorCode, message: impl Into<String>, context: &Context) -> Self {
        let message = message.into();
        let culprit = named(&message).map_or(Culprit::Item, Culprit::Text);
        Self { code, message, context: context.clone(), culprit }
    }
}

/// The name that a message of Falco's complains about.
fn named(message: &str) -> Option<String> {
    const PATTERNS: [(&str, &str); 5] = [
        ("filter_check called with nonexistent field ", ""),
        ("unknown event type ", ""),
        ("Undefined macro '", "' used in filter."),
        ("'", "' is not a supported filter field"),
        ("", " is not a valid number"),
    ];
    PATTERNS.iter().find_map(|(before, after)| {
        let name = message.strip_prefix(before)?.strip_suffix(after)?;
        (!name.is_empty()).then(|| name.to_owned())
    })
}

/// Something that a person should know about rules that load.
#[derive(Clone, Debug)]
pub struct LoadWarning {
    /// The kind.
    pub code: WarningCode,
    /// In Falco's words.
    pub message: String,
    /// Where.
    pub context: Context,
    /// The field and the reason, for a deprecated field.
    pub deprecated_field: Option<(&'static str, &'static str)>,
}
