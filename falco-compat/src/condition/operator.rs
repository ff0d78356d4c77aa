//! Names of operators, modifiers and transformers.

/// How the sides of a check are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are the operators")]
pub enum Operator {
    Exists,
    LessOrEqual,
    Less,
    GreaterOrEqual,
    Greater,
    /// `==`: means `=`, is printed as written.
    DoubleEqual,
    Equal,
    NotEqual,
    Glob,
    IGlob,
    Contains,
    IContains,
    BContains,
    StartsWith,
    BStartsWith,
    EndsWith,
    Regex,
    Intersects,
    In,
    Pmatch,
}

impl Operator {
    /// Every operator in the order in which the parser tries them and messages list them.
    pub const ALL: [Self; 20] = [
        Self::Exists,
        Self::LessOrEqual,
        Self::Less,
        Self::GreaterOrEqual,
        Self::Greater,
        Self::DoubleEqual,
        Self::Equal,
        Self::NotEqual,
        Self::Glob,
        Self::IGlob,
        Self::Contains,
        Self::IContains,
        Self::BContains,
        Self::StartsWith,
        Self::BStartsWith,
        Self::EndsWith,
        Self::Regex,
        Self::Intersects,
        Self::In,
        Self::Pmatch,
    ];

    /// As written in a condition.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Exists => "exists",
            Self::LessOrEqual => "<=",
            Self::Less => "<",
            Self::GreaterOrEqual => ">=",
            Self::Greater => ">",
            Self::DoubleEqual => "==",
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Glob => "glob",
            Self::IGlob => "iglob",
            Self::Contains => "contains",
            Self::IContains => "icontains",
            Self::BContains => "bcontains",
            Self::StartsWith => "startswith",
            Self::BStartsWith => "bstartswith",
            Self::EndsWith => "endswith",
            Self::Regex => "regex",
            Self::Intersects => "intersects",
            Self::In => "in",
            Self::Pmatch => "pmatch",
        }
    }

    /// The operator with this text.
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operator| operator.text() == text)
    }

    /// Whether the right side is a number.
    pub const fn takes_number(self) -> bool {
        matches!(self, Self::LessOrEqual | Self::Less | Self::GreaterOrEqual | Self::Greater)
    }

    /// Whether the right side is a list (`in`, `intersects`, `pmatch`).
    pub const fn takes_list(self) -> bool {
        matches!(self, Self::Intersects | Self::In | Self::Pmatch)
    }

    /// Whether the right side is one text, or a list behind a [`Modifier`].
    pub const fn takes_text(self) -> bool {
        !self.takes_number() && !self.takes_list() && !matches!(self, Self::Exists)
    }

    /// Whether it is spelled with letters, so that a blank must end it.
    pub(super) fn is_word(self) -> bool {
        self.text().starts_with(|first: char| first.is_ascii_alphabetic())
    }
}

/// How many elements of the list on the right must compare as true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Modifier {
    /// Exactly one.
    OneOf,
    /// At least one.
    AnyOf,
    /// Every one, and there is one.
    AllOf,
}

impl Modifier {
    /// Every modifier in the order in which the parser tries them.
    pub const ALL: [Self; 3] = [Self::OneOf, Self::AnyOf, Self::AllOf];

    /// As written in a condition.
    pub const fn text(self) -> &'static str {
        match self {
            Self::OneOf => "oneof",
            Self::AnyOf => "anyof",
            Self::AllOf => "allof",
        }
    }
}

/// A function of fields and constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Transformer {
    /// Marks a field on the right of a check.
    Val,
    /// ASCII lower case.
    ToLower,
    /// ASCII upper case.
    ToUpper,
    /// Base64 decoded.
    B64,
    /// The part behind the last slash.
    Basename,
    /// Bytes of a text, elements of a list.
    Len,
    /// Elements with a separator between them.
    Join,
    /// Texts one behind the other.
    Concat,
    /// Options of a command line.
    Getopt,
}

impl Transformer {
    /// Every transformer in the order in which the parser tries them and messages list them.
    pub const ALL: [Self; 9] = [
        Self::Val,
        Self::ToLower,
        Self::ToUpper,
        Self::B64,
        Self::Basename,
        Self::Len,
        Self::Join,
        Self::Concat,
        Self::Getopt,
    ];

    /// As written in a condition.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Val => "val",
            Self::ToLower => "tolower",
            Self::ToUpper => "toupper",
            Self::B64 => "b64",
            Self::Basename => "basename",
            Self::Len => "len",
            Self::Join => "join",
            Self::Concat => "concat",
            Self::Getopt => "getopt",
        }
    }
}
