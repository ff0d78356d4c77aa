//! The shape of a rules file, as a table. Properties stand in the order in which they are checked.

/// What a node may be.
#[derive(Debug)]
pub(super) enum Shape {
    /// Anything.
    Any,
    /// A scalar.
    Text,
    /// The scalar `true` or `false`.
    Boolean,
    /// A scalar that reads as a number.
    Integer,
    /// A scalar.
    IntegerOrText,
    /// One of these scalars.
    OneOf(&'static [&'static str]),
    /// A sequence of such elements.
    Sequence(&'static Shape),
    /// A map with these keys and no others.
    Map {
        /// Allowed keys, sorted.
        properties: &'static [(&'static str, Shape)],
        /// Keys that must be there.
        required: &'static [&'static str],
        /// Whether it may not be empty.
        at_least_one: bool,
    },
}

/// A document of a rules file.
pub(super) const RULES_FILE: Shape = Shape::Sequence(&ITEM);

const ITEM: Shape = Shape::Map {
    properties: &[
        ("append", Shape::Boolean),
        ("capture", Shape::Boolean),
        ("capture_duration", Shape::Integer),
        ("condition", Shape::Text),
        ("desc", Shape::Text),
        ("enabled", Shape::Boolean),
        ("exceptions", Shape::Sequence(&EXCEPTION)),
        ("items", Shape::Sequence(&Shape::IntegerOrText)),
        ("list", Shape::Text),
        ("macro", Shape::Text),
        ("output", Shape::Text),
        ("override", OVERRIDE),
        ("priority", Shape::OneOf(PRIORITIES)),
        ("required_engine_version", Shape::Text),
        ("required_plugin_versions", Shape::Sequence(&PLUGIN)),
        ("rule", Shape::Text),
        ("skip-if-unknown-filter", Shape::Boolean),
        ("source", Shape::Text),
        ("tags", Shape::Sequence(&Shape::Text)),
        ("warn_evttypes", Shape::Boolean),
    ],
    required: &[],
    at_least_one: false,
};

const PRIORITIES: &[&str] = &[
    "EMERGENCY",
    "ALERT",
    "CRITICAL",
    "ERROR",
    "WARNING",
    "NOTICE",
    "INFO",
    "INFORMATIONAL",
    "DEBUG",
];

const EXCEPTION: Shape = Shape::Map {
    properties: &[
        ("comps", Shape::Any),
        ("fields", Shape::Any),
        ("name", Shape::Text),
        ("values", Shape::Any),
    ],
    required: &["name"],
    at_least_one: false,
};

const OPERATION: Shape = Shape::OneOf(&["append", "replace"]);

const OVERRIDE: Shape = Shape::Map {
    properties: &[
        ("capture", OPERATION),
        ("capture_duration", OPERATION),
        ("condition", OPERATION),
        ("desc", OPERATION),
        ("enabled", OPERATION),
        ("exceptions", OPERATION),
        ("items", OPERATION),
        ("output", OPERATION),
        ("priority", OPERATION),
        ("skip-if-unknown-filter", OPERATION),
        ("tags", OPERATION),
        ("warn_evttypes", OPERATION),
    ],
    required: &[],
    at_least_one: true,
};

const PLUGIN: Shape = Shape::Map {
    properties: &[
        ("alternatives", Shape::Sequence(&ALTERNATIVE)),
        ("name", Shape::Text),
        ("version", Shape::Text),
    ],
    required: &["name", "version"],
    at_least_one: false,
};

const ALTERNATIVE: Shape = Shape::Map {
    properties: &[("name", Shape::Text), ("version", Shape::Text)],
    required: &["name", "version"],
    at_least_one: false,
};
