//! Docker: containers by `GET /containers/{id}/json`, news by `GET /events`.

use serde::Deserialize;

use super::{
    http,
    image::repo_and_tag,
    info::{Info, Runtime},
    inspect::{Inspect, or_default},
    listener::{News, NewsError},
    source::{SourceError, Target},
};

/// Containers created, started and destroyed; the filter is URL-encoded JSON.
pub(super) const EVENTS_PATH: &str = "/events?filters=%7B%22type%22%3A%7B%22container%22%3Atrue%7D\
    %2C%22event%22%3A%7B%22create%22%3Atrue%2C%22start%22%3Atrue%2C%22destroy%22%3Atrue%7D%7D";

/// The container `id`; `None` when Docker does not know it.
pub(super) async fn get(target: &Target, id: &str) -> Result<Option<Info>, SourceError> {
    let Some(inspect) = ask(target, id).await? else { return Ok(None) };
    // A name may be asked for too; only an id is an answer.
    if !inspect.id.starts_with(id) {
        return Ok(None);
    }
    let image = if inspect.image.is_empty() {
        Image::default()
    } else {
        let path = format!("/images/{}/json", path_segment(&inspect.image));
        // The image of a running container may have been removed: the container still counts.
        match http::get(&target.socket, &path, target.max_bytes).await {
            Ok(body) => serde_json::from_slice(&body).unwrap_or_default(),
            Err(_) => Image::default(),
        }
    };
    let mut info = info(&inspect, &image, target.label_max_len);
    if info.ip.is_empty()
        && let Some(other) = inspect.host_config.network_mode.strip_prefix("container:")
        && let Ok(Some(other)) = ask(target, other).await
    {
        info.ip = other.network_settings.address();
    }
    Ok(Some(info))
}

/// Ids of all containers, stopped ones included.
pub(super) async fn list(target: &Target) -> Result<Vec<String>, SourceError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Listed {
        id: String,
    }
    let body = http::get(&target.socket, "/containers/json?all=true", target.max_bytes).await?;
    let listed: Vec<Listed> = serde_json::from_slice(&body)?;
    Ok(listed.into_iter().map(|it| it.id).collect())
}

/// What a line of `/events` says; `None` for what does not concern us.
pub(super) fn news(line: &[u8]) -> Result<Option<News>, NewsError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Line {
        #[serde(default)]
        action: String,
        #[serde(default)]
        actor: Actor,
    }
    #[derive(Default, Deserialize)]
    struct Actor {
        #[serde(default, rename = "ID")]
        id: String,
    }
    let line: Line = serde_json::from_slice(line)?;
    let id = line.actor.id;
    Ok(match &*line.action {
        _ if id.is_empty() => None,
        "create" | "start" => Some(News::Appeared(id)),
        "destroy" | "remove" => Some(News::Removed(id)), // Docker's word and Podman's
        _ => None,
    })
}

async fn ask(target: &Target, id: &str) -> Result<Option<Inspect>, SourceError> {
    let size = if target.with_size { "?size=1" } else { "" };
    let path = format!("/containers/{}/json{size}", path_segment(id));
    match http::get(&target.socket, &path, target.max_bytes).await {
        Ok(body) => Ok(Some(serde_json::from_slice(&body)?)),
        Err(http::HttpError::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// `text` as one segment of a path: what is not an id's character is left out.
pub(super) fn path_segment(text: &str) -> String {
    let is_plain = |it: &char| it.is_ascii_alphanumeric() || "._-:".contains(*it);
    text.chars().filter(is_plain).collect()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Image {
    id: String,
    #[serde(deserialize_with = "or_default")]
    repo_digests: Vec<String>,
    #[serde(deserialize_with = "or_default")]
    repo_tags: Vec<String>,
}

impl Image {
    /// Repository, tag and digest. The first digest names the repository, the first tag of that
    /// repository is the tag, as the plugin does it.
    fn names(&self) -> (String, String, String) {
        let digests = self.repo_digests.iter().filter_map(|it| {
            let (repo, digest) = it.split_once('@')?;
            (!digest.contains('@')).then_some((repo, digest))
        });
        let (mut repo, digest) = digests.into_iter().next().unwrap_or_default();
        let mut found_tag = "";
        for full in &self.repo_tags {
            let (tagged, tag) = repo_and_tag(full);
            if tagged.is_empty() || tag.is_empty() {
                continue;
            }
            if repo.is_empty() {
                repo = tagged;
            }
            if full.contains(repo) {
                found_tag = tag;
                break;
            }
        }
        (repo.to_owned(), found_tag.to_owned(), digest.to_owned())
    }
}

/// What is told of the container, and of its image.
fn info(inspect: &Inspect, image: &Image, label_max_len: usize) -> Info {
    let (image_repo, image_tag, image_digest) = image.names();
    Info {
        image: inspect.config.image.clone(),
        image_digest,
        image_id: image.id.strip_prefix("sha256:").unwrap_or(&image.id).to_owned(),
        image_repo,
        image_tag,
        healthcheck: inspect.config.healthcheck.probe(),
        ..inspect.to_info(Runtime::Docker, label_max_len)
    }
}

/// Reads the two answers as [`get`] does.
pub(super) fn read(container: &[u8], image: &[u8], label_max_len: usize) -> Option<Info> {
    let inspect: Inspect = serde_json::from_slice(container).ok()?;
    Some(info(&inspect, &serde_json::from_slice(image).unwrap_or_default(), label_max_len))
}
