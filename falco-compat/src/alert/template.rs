//! What an alert of one rule is made of.

use std::sync::Arc;

use crate::{
    alert::Alert,
    field::{Context, FieldRef},
    format::{FieldValue, Format},
};

/// The output of a rule, compiled.
#[derive(Clone, Debug)]
pub struct AlertTemplate {
    /// Name of the rule.
    pub rule: Arc<str>,
    /// Priority as Falco writes it.
    pub priority: Arc<str>,
    /// Event source.
    pub source: Arc<str>,
    /// Tags, in any order.
    pub tags: Vec<String>,
    /// The message.
    pub output: Format,
    /// Fields that only JSON shows; later ones replace earlier ones of the same name.
    pub extra_fields: Vec<(String, ExtraField)>,
}

/// A field that only JSON shows.
#[derive(Clone, Debug)]
pub enum ExtraField {
    /// The value of a field, with its type.
    Raw(FieldRef),
    /// Text.
    Text(Format),
}

impl AlertTemplate {
    /// The alert for the event of `ctx`.
    pub fn render(&self, ctx: &Context<'_>) -> Alert {
        let mut message = Vec::new();
        self.output.render(ctx, &mut message);
        let fields = self.output.fields().iter();
        let mut fields: Vec<_> =
            fields.map(|it| (it.text().to_owned(), FieldValue::of(ctx, it))).collect();
        for (name, extra) in &self.extra_fields {
            fields.push((name.clone(), extra.value(ctx)));
        }
        // The last of equal names counts.
        fields.reverse();
        fields.sort_by(|a, b| a.0.cmp(&b.0));
        fields.dedup_by(|a, b| a.0 == b.0);
        let mut tags = self.tags.clone();
        tags.sort();
        tags.dedup();
        Alert {
            time_ns: ctx.event.time_ns,
            rule: self.rule.to_string(),
            priority: self.priority.to_string(),
            source: self.source.to_string(),
            hostname: ctx.agent.hostname.clone(),
            tags,
            message,
            fields,
            utc_offset_s: ctx.agent.utc_offset_s,
        }
    }
}

impl AlertTemplate {
    /// Whether the alert shows what only a container runtime knows.
    pub fn needs_metadata(&self) -> bool {
        self.mentions(&FieldRef::needs_metadata)
    }

    /// Whether the alert shows a field that `wanted` accepts.
    pub fn mentions(&self, wanted: &dyn Fn(&FieldRef) -> bool) -> bool {
        let extra = self.extra_fields.iter().any(|(_, extra)| match extra {
            ExtraField::Raw(field) => wanted(field),
            ExtraField::Text(format) => format.mentions().any(wanted),
        });
        extra || self.output.mentions().any(wanted)
    }
}

impl ExtraField {
    fn value(&self, ctx: &Context<'_>) -> FieldValue {
        match self {
            Self::Raw(field) => FieldValue::of(ctx, field),
            Self::Text(format) => {
                let mut text = Vec::new();
                format.render(ctx, &mut text);
                FieldValue::Text(text)
            }
        }
    }
}
