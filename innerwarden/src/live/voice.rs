//! How alerts are written, and to whom.

use std::sync::Arc;

use falco_compat::{
    alert::{Alert, AlertOptions, InternalAlert},
    format::FieldValue,
    rules::Priority,
};
use jiff::Timestamp;

use crate::{
    agent::{self, Presentation},
    config::Settings,
    output::{Message, Outputs},
};

/// The one way from an alert to the outputs.
#[derive(Debug)]
pub(crate) struct Voice {
    style: Style,
    options: AlertOptions,
    presentation: Presentation,
    outputs: Arc<Outputs>,
}

#[derive(Clone, Copy, Debug)]
enum Style {
    Json,
    Text,
}

impl Voice {
    /// Writes alerts as `settings` say.
    pub(crate) fn new(settings: &Settings, outputs: Arc<Outputs>) -> Self {
        let style = if settings.json_output { Style::Json } else { Style::Text };
        let presentation = settings.presentation();
        Self { style, options: settings.alert_options(), presentation, outputs }
    }

    /// The outputs it speaks to.
    pub(crate) fn outputs(&self) -> &Arc<Outputs> {
        &self.outputs
    }

    /// Tells every output of `alert`. Never waits.
    pub(crate) fn alert(&self, alert: &Alert) {
        let mut line = Vec::new();
        match self.style {
            Style::Json => alert.write_json(self.options, &mut line),
            Style::Text => alert.write_text(self.options, &mut line),
        }
        let priority = Priority::parse(&alert.priority).unwrap_or(Priority::Debug);
        self.outputs.send(&Arc::new(Message { line: line.into(), priority }));
    }

    /// Tells every output something about ourselves. `fields` are sorted by name.
    pub(crate) fn internal(
        &self,
        priority: Priority,
        rule: &str,
        message: &str,
        fields: Vec<(String, FieldValue)>,
    ) {
        let time_ns = u64::try_from(Timestamp::now().as_nanosecond()).unwrap_or(0);
        let agent = agent::here(time_ns, &self.presentation);
        let alert = InternalAlert {
            time_ns,
            rule: rule.to_owned(),
            priority: priority.text().to_owned(),
            hostname: agent.hostname,
            message: message.to_owned(),
            fields,
            utc_offset_s: agent.utc_offset_s,
        };
        let mut line = Vec::new();
        match self.style {
            Style::Json => alert.write_json(&mut line),
            Style::Text => alert.write_text(&mut line),
        }
        self.outputs.send(&Arc::new(Message { line: line.into(), priority }));
    }
}
