//! An alert whose metadata is still to be filled in.

use crate::{
    alert::{Alert, AlertTemplate, ExtraField},
    field::{Context, FieldRef},
    format::{FieldValue, HeldText},
};

/// An alert whose metadata is still to be filled in.
#[derive(Debug)]
pub(super) struct Draft {
    alert: Alert,
    message: HeldText,
    fields: Vec<(String, Open)>,
}

/// A field that is not known yet.
#[derive(Debug)]
enum Open {
    Field(FieldRef),
    Text(HeldText),
}

impl Draft {
    /// Renders what can be rendered for the event of `ctx`.
    pub(super) fn of(template: &AlertTemplate, ctx: &Context<'_>) -> Self {
        let mut fields = Vec::new();
        let output = template.output.fields().iter().filter(|it| it.needs_metadata());
        fields.extend(output.map(|it| (it.text().to_owned(), Open::Field(it.clone()))));
        for (name, extra) in &template.extra_fields {
            fields.retain(|(it, _)| it != name);
            match extra {
                ExtraField::Raw(field) if field.needs_metadata() => {
                    fields.push((name.clone(), Open::Field(field.clone())));
                }
                ExtraField::Text(format) if format.mentions().any(FieldRef::needs_metadata) => {
                    fields.push((name.clone(), Open::Text(format.hold(ctx))));
                }
                ExtraField::Raw(_) | ExtraField::Text(_) => {}
            }
        }
        Self { alert: template.render(ctx), message: template.output.hold(ctx), fields }
    }

    /// The alert with the metadata that `ctx` knows.
    pub(super) fn finish(&self, ctx: &Context<'_>) -> Alert {
        let mut alert = self.alert.clone();
        alert.message = self.message.finish(ctx);
        for (name, open) in &self.fields {
            if let Some((_, value)) = alert.fields.iter_mut().find(|(it, _)| it == name) {
                *value = match open {
                    Open::Field(field) => FieldValue::of(ctx, field),
                    Open::Text(text) => FieldValue::Text(text.finish(ctx)),
                };
            }
        }
        alert
    }

    /// About how many bytes it takes.
    pub(super) fn size(&self) -> usize {
        // Names, texts and values are a small multiple of what the message shows.
        size_of::<Self>() + 4 * self.alert.message.len() + 64 * self.alert.fields.len()
    }
}
