//! The HTTP output over TLS, against a real server.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    path::{Path, PathBuf},
    sync::Arc,
    thread::{self, JoinHandle},
};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::{
    RootCertStore, ServerConfig, ServerConnection, StreamOwned,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    server::WebPkiClientVerifier,
};
use tempfile::TempDir;

use super::*;
use crate::config::{Dialect, HttpSettings, KeepAlive, LiveSettings};

/// A folder with certificates: ours (`client`), the server's (`server`), somebody else's (`other`).
struct Bed {
    folder: TempDir,
}

impl Bed {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["client", "server", "other"] {
            let names = vec!["localhost".to_owned()];
            let CertifiedKey { cert, key_pair } = generate_simple_self_signed(names).unwrap();
            fs::write(folder.path().join(format!("{name}.crt")), cert.pem()).unwrap();
            fs::write(folder.path().join(format!("{name}.key")), key_pair.serialize_pem()).unwrap();
        }
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Posts an alert to a server that wants the certificate `client`, if there is one; what the server got.
    fn post(
        &self,
        client: Option<&str>,
        change: impl Fn(&mut HttpSettings),
    ) -> Result<String, String> {
        let (port, server) = serve(&self.path("server"), client.map(|it| self.path(it)).as_deref());
        let mut settings = HttpSettings {
            url: format!("https://localhost:{port}/"),
            user_agent: "test".to_owned(),
            json: false,
            insecure: false,
            ca: self.path("server.crt"),
            identity: None,
            echo: false,
            compress: false,
            keep_alive: KeepAlive::No,
            retries: 0,
        };
        change(&mut settings);
        let all = LiveSettings::default_of(Dialect::Own).outputs;
        let all = OutputSettings { http: Some(settings), ..all };
        let mut output = http::wanted(&all).unwrap();
        let line = Box::from(*b"an alert");
        let sent = output.write(&Message { line, priority: Priority::Error });
        drop(output);
        let got = server.join().unwrap();
        sent.map(|()| got).map_err(|error| error.to_string())
    }
}

/// Answers one request with 200; gives the body, or nothing if there was none.
fn serve(certificate: &Path, client: Option<&Path>) -> (u16, JoinHandle<String>) {
    let chain = vec![CertificateDer::from_pem_file(certificate.with_extension("crt")).unwrap()];
    let key = PrivateKeyDer::from_pem_file(certificate.with_extension("key")).unwrap();
    let provider = Arc::new(ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .unwrap();
    let builder = match client {
        None => builder.with_no_client_auth(),
        Some(client) => {
            let mut roots = RootCertStore::empty();
            roots
                .add(CertificateDer::from_pem_file(client.with_extension("crt")).unwrap())
                .unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            builder.with_client_cert_verifier(verifier.build().unwrap())
        }
    };
    let config = Arc::new(builder.with_single_cert(chain, key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let thread = thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut stream = StreamOwned::new(ServerConnection::new(config).unwrap(), stream);
        let mut request = Vec::new();
        let mut chunk = [0; 4096];
        while !request.ends_with(b"an alert") {
            match stream.read(&mut chunk) {
                Ok(count) if count > 0 => request.extend_from_slice(&chunk[..count]),
                _ => return String::new(),
            }
        }
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        let request = String::from_utf8(request).unwrap();
        request.split_once("\r\n\r\n").unwrap().1.to_owned()
    });
    (port, thread)
}

#[track_caller]
fn check_refused(outcome: Result<String, String>, why: &str) {
    let error = outcome.unwrap_err();
    assert!(error.starts_with("cannot post to `https://localhost:"), "{error}");
    assert!(error.contains(why), "{error}");
}

#[test]
fn a_trusted_server_gets_the_alert() {
    let bed = Bed::new();
    assert_eq!(bed.post(None, |_| {}), Ok("an alert".to_owned()));
    // A folder of certificates.
    let folder = |settings: &mut HttpSettings| settings.ca = bed.path("");
    assert_eq!(bed.post(None, folder), Ok("an alert".to_owned()));
}

#[test]
fn other_servers_get_nothing_unless_insecure() {
    let bed = Bed::new();
    check_refused(bed.post(None, |it| it.ca = bed.path("other.crt")), "");
    let insecure = |settings: &mut HttpSettings| {
        (settings.ca, settings.insecure) = (bed.path("other.crt"), true);
    };
    assert_eq!(bed.post(None, insecure), Ok("an alert".to_owned()));
}

#[test]
fn a_server_may_want_to_know_who_we_are() {
    let bed = Bed::new();
    let identity =
        |name: &str| Some((bed.path(&format!("{name}.crt")), bed.path(&format!("{name}.key"))));
    let known = bed.post(Some("client"), |it| it.identity = identity("client"));
    assert_eq!(known, Ok("an alert".to_owned()));
    check_refused(bed.post(Some("client"), |it| it.identity = identity("other")), "");
}
