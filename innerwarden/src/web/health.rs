//! `/healthz`: are we well? Falco's answer where we are, the reasons where we are not quite.

use std::sync::Arc;

use axum::{
    extract::State,
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::Status;

/// Always 200: a rules file that was refused, or a kernel without probes, is no reason to be restarted.
pub(super) async fn answer(State(status): State<Arc<Status>>) -> Response {
    let mut reasons = Vec::new();
    if let Some(why) = status.outcomes.last_error() {
        reasons.push(format!("reload refused, older rules are in force: {why}"));
    }
    if let Some(why) = status.desk.figures().blind {
        reasons.push(format!("no events: {why}"));
    }
    let body = if reasons.is_empty() {
        // Byte for byte Falco's.
        "{\"status\": \"ok\"}".to_owned()
    } else {
        json!({ "status": "degraded", "reasons": reasons }).to_string()
    };
    ([(CONTENT_TYPE, "application/json")], body).into_response()
}
