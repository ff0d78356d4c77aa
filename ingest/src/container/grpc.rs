//! gRPC over a Unix socket: a connection an operation, bounded in size.

use std::path::Path;

use hyper::http::uri::PathAndQuery;
use prost::Message;
use tonic::{
    Code, Request, Status, Streaming,
    client::Grpc,
    metadata::MetadataValue,
    transport::{Channel, Endpoint, Error},
};
use tonic_prost::ProstCodec;

/// Why a runtime did not answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum GrpcError {
    #[error("the socket cannot be connected")]
    Connect(#[source] Error),
    #[error("the path of the socket is not text")]
    Path,
    #[error("{}: {}", .0.code(), .0.message())]
    Status(Box<Status>),
}

impl GrpcError {
    /// The runtime does not have this call.
    pub(super) fn is_unimplemented(&self) -> bool {
        matches!(self, Self::Status(status) if status.code() == Code::Unimplemented)
    }

    /// The runtime does not know what was asked for.
    pub(super) fn is_not_found(&self) -> bool {
        matches!(self, Self::Status(status) if status.code() == Code::NotFound)
    }
}

impl From<Status> for GrpcError {
    fn from(status: Status) -> Self {
        Self::Status(Box::new(status))
    }
}

/// A connection to a runtime.
#[derive(Debug)]
pub(super) struct Connection {
    client: Grpc<Channel>,
}

impl Connection {
    /// Connects; answers beyond `max_bytes` will be errors.
    pub(super) async fn open(socket: &Path, max_bytes: usize) -> Result<Self, GrpcError> {
        let path = socket.to_str().ok_or(GrpcError::Path)?;
        let endpoint =
            Endpoint::from_shared(format!("unix://{path}")).map_err(GrpcError::Connect)?;
        let channel = endpoint.connect().await.map_err(GrpcError::Connect)?;
        Ok(Self { client: Grpc::new(channel).max_decoding_message_size(max_bytes) })
    }

    /// Calls `path`, in a namespace of containerd if one is given.
    pub(super) async fn call<A, B>(
        &mut self,
        path: &'static str,
        message: A,
        namespace: Option<&str>,
    ) -> Result<B, GrpcError>
    where
        A: Message + 'static,
        B: Message + Default + 'static,
    {
        self.ready().await?;
        let request = request(message, namespace);
        let path = PathAndQuery::from_static(path);
        let answer = self.client.unary(request, path, ProstCodec::<A, B>::default()).await?;
        Ok(answer.into_inner())
    }

    /// Calls `path`, which answers with a stream.
    pub(super) async fn stream<A, B>(
        &mut self,
        path: &'static str,
        message: A,
    ) -> Result<Streaming<B>, GrpcError>
    where
        A: Message + 'static,
        B: Message + Default + 'static,
    {
        self.ready().await?;
        let request = request(message, None);
        let path = PathAndQuery::from_static(path);
        let codec = ProstCodec::<A, B>::default();
        Ok(self.client.server_streaming(request, path, codec).await?.into_inner())
    }

    async fn ready(&mut self) -> Result<(), GrpcError> {
        self.client.ready().await.map_err(GrpcError::Connect)
    }
}

fn request<A>(message: A, namespace: Option<&str>) -> Request<A> {
    let mut request = Request::new(message);
    if let Some(namespace) = namespace.and_then(|it| MetadataValue::try_from(it).ok()) {
        request.metadata_mut().insert("containerd-namespace", namespace);
    }
    request
}
