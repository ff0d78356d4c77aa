//! `/versions`: who we are and whom we are compatible with, under Falco's keys.

use axum::{
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};
use serde_json::json;

/// What Falco 0.44.1 says of itself, with our own version in front.
pub(super) async fn answer() -> Response {
    let body = json!({
        "default_driver_version": "innerwarden",
        "driver_api_version": "8.0.0",
        "driver_schema_version": "4.5.1",
        "engine_version": "62",
        "engine_version_semver": "0.62.0",
        "falco_version": "0.44.1",
        "innerwarden_version": env!("CARGO_PKG_VERSION"),
        "libs_version": "0.25.4",
        "plugin_versions": { "container": "0.7.1" },
    });
    ([(CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}
