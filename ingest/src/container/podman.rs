//! Podman: containers by `GET /libpod/containers/{id}/json`, news by `GET /libpod/events`.
//!
//! libpod rather than the API that imitates Docker's: it alone tells the image's name and digest.

use serde::Deserialize;

use super::{
    docker::{self, path_segment},
    http,
    image::repo_and_tag,
    info::{Info, Runtime},
    inspect::Inspect,
    listener::{News, NewsError},
    source::{SourceError, Target},
};

/// Containers created, started and removed; the filter is URL-encoded JSON.
pub(super) const EVENTS_PATH: &str = "/v4.0.0/libpod/events?stream=true&filters=%7B%22type%22%3A\
    %5B%22container%22%5D%2C%22event%22%3A%5B%22create%22%2C%22start%22%2C%22remove%22%5D%7D";

/// The container `id`; `None` when Podman does not know it.
pub(super) async fn get(target: &Target, id: &str) -> Result<Option<Info>, SourceError> {
    let size = if target.with_size { "?size=true" } else { "" };
    let path = format!("/v4.0.0/libpod/containers/{}/json{size}", path_segment(id));
    let inspect: Inspect = match http::get(&target.socket, &path, target.max_bytes).await {
        Ok(body) => serde_json::from_slice(&body)?,
        Err(http::HttpError::NotFound) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    // A name may be asked for too; only an id is an answer.
    let is_it = inspect.id.starts_with(id);
    Ok(is_it.then(|| info(&inspect, target.label_max_len)))
}

/// Ids of all containers, stopped ones included.
pub(super) async fn list(target: &Target) -> Result<Vec<String>, SourceError> {
    #[derive(Deserialize)]
    struct Listed {
        #[serde(rename = "Id")]
        id: String,
    }
    let path = "/v4.0.0/libpod/containers/json?all=true";
    let body = http::get(&target.socket, path, target.max_bytes).await?;
    let listed: Option<Vec<Listed>> = serde_json::from_slice(&body)?;
    Ok(listed.unwrap_or_default().into_iter().map(|it| it.id).collect())
}

/// What a line of events says; `None` for what does not concern us.
pub(super) fn news(line: &[u8]) -> Result<Option<News>, NewsError> {
    docker::news(line)
}

fn info(inspect: &Inspect, label_max_len: usize) -> Info {
    let (repo, tag) = repo_and_tag(&inspect.image_name);
    Info {
        image: inspect.image_name.clone(),
        image_digest: inspect.image_digest.clone(),
        image_id: inspect.image.clone(),
        image_repo: repo.to_owned(),
        image_tag: tag.to_owned(),
        ..inspect.to_info(Runtime::Podman, label_max_len)
    }
}

/// Reads an answer as [`get`] does.
pub(super) fn read(container: &[u8], label_max_len: usize) -> Option<Info> {
    let inspect: Inspect = serde_json::from_slice(container).ok()?;
    Some(info(&inspect, label_max_len))
}
