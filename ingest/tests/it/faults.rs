//! The lookup of containers while runtimes hang, talk nonsense, come and go.

mod runtime;

use std::{fs, path::PathBuf, time::Duration};

use ingest::container::{
    Answer, Change, ContainerConfig, ContainerCounters, ContainerService, Engine, EngineConfig,
    EngineCounters, NewContainer,
};
use tempfile::TempDir;
use tokio::{runtime::Handle, time::timeout};

use self::runtime::{Fake, Reply};

/// Far beyond what a test may take: a service that waits for this long hangs.
const FOR_EVER: Duration = Duration::from_hours(1);

fn folder() -> TempDir {
    tempfile::Builder::new().prefix("iw").tempdir_in("/tmp").unwrap()
}

/// A configuration that gives up soon and asks nobody.
fn quick() -> ContainerConfig {
    ContainerConfig {
        request_timeout: Duration::from_millis(200),
        retry_for: Duration::from_millis(100),
        grace: Duration::from_millis(10),
        resync: Duration::from_millis(50),
        forget_after: Duration::from_millis(1),
        ..ContainerConfig::off()
    }
}

fn with_docker(config: ContainerConfig, socket: PathBuf) -> ContainerConfig {
    ContainerConfig { docker: EngineConfig::at([socket]), ..config }
}

fn wish(id: &str) -> NewContainer {
    NewContainer {
        short_id: id[..12.min(id.len())].to_owned(),
        full_id: id.to_owned(),
        ..NewContainer::default()
    }
}

fn id(number: u32) -> String {
    format!("{number:064x}").chars().rev().collect()
}

/// The next answer about `id`.
#[track_caller]
fn answer<'a>(service: &'a mut ContainerService, id: &'a str) -> impl Future<Output = Answer> + 'a {
    let caller = std::panic::Location::caller();
    async move {
        let waiting = async {
            loop {
                let answer = service.next().await.unwrap();
                if id.starts_with(&answer.short_id) {
                    return answer;
                }
            }
        };
        timeout(Duration::from_mins(1), waiting)
            .await
            .unwrap_or_else(|_| panic!("no answer about {id}, asked for at {caller}"))
    }
}

/// Waits until the counters are as `wanted`.
#[track_caller]
fn until<'a>(
    service: &'a ContainerService,
    wanted: impl Fn(ContainerCounters) -> bool + 'a,
) -> impl Future<Output = ()> + 'a {
    let caller = std::panic::Location::caller();
    async move {
        let waiting = async {
            while !wanted(service.counters()) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let all = timeout(Duration::from_mins(1), waiting).await;
        assert!(all.is_ok(), "never so, at {caller}: {:?}", service.counters());
    }
}

/// Asks a Docker that replies so to every request; the counters of Docker then.
async fn counters_of(reply: Reply) -> EngineCounters {
    let folder = folder();
    let fake = Fake::start(folder.path().join("d"));
    fake.reply_to_all(reply);
    let mut service =
        ContainerService::start(&Handle::current(), with_docker(quick(), fake.socket()));
    assert!(service.request(wish(&id(1))));
    assert_eq!(answer(&mut service, &id(1)).await.change, Change::Unknown);
    service.counters().engine(Engine::Docker)
}

#[tokio::test]
async fn a_runtime_that_hangs_holds_up_nobody() {
    let folder = folder();
    let hanging = Fake::start(folder.path().join("d"));
    hanging.reply_to_all(Reply::Hang);
    let sane = Fake::start(folder.path().join("p"));
    let known = id(7);
    sane.put(&known, "web");
    let config = ContainerConfig {
        podman: EngineConfig::at([sane.socket()]),
        request_timeout: FOR_EVER,
        ..with_docker(quick(), hanging.socket())
    };
    let mut service = ContainerService::start(&Handle::current(), config);
    assert!(service.request(NewContainer { guess: Some(Engine::Docker), ..wish(&known) }));
    let Change::Described(info) = answer(&mut service, &known).await.change else { panic!() };
    assert_eq!(info.name, "web");
}

#[tokio::test]
async fn a_runtime_that_does_not_answer_is_left_alone() {
    let counters = counters_of(Reply::Hang).await;
    assert!(counters.timed_out >= 1 && counters.answered == 0, "{counters:?}");
}

#[tokio::test]
async fn nonsense_is_counted() {
    let json = |body: &str| {
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
        (head + body).into_bytes()
    };
    for reply in [
        Reply::Raw(b"\x00\xff\r\n\r\n".to_vec()),
        Reply::Raw(Vec::new()),
        Reply::Raw(json("not json")),
        Reply::Raw(json(r#"{"Id":7}"#)),
        Reply::Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"Id\"".to_vec()),
        Reply::Raw(b"HTTP/1.1 500 no\r\ncontent-length: 0\r\n\r\n".to_vec()),
        Reply::Endless,
    ] {
        let shown = format!("{reply:?}");
        let counters = counters_of(reply).await;
        assert!(counters.failed >= 1 && counters.answered == 0, "{shown:.60}: {counters:?}");
    }
}

#[tokio::test]
async fn a_container_that_nobody_knows_is_asked_for_again_and_given_up() {
    let counters = counters_of(Reply::NotFound).await;
    assert!(counters.not_found >= 2 && counters.answered == 0, "{counters:?}");
}

#[tokio::test]
async fn grpc_runtimes_may_talk_nonsense_too() {
    for reply in
        [Reply::Raw(b"HTTP/1.1 400 no\r\n\r\n".to_vec()), Reply::Raw(vec![0; 4096]), Reply::Hang]
    {
        let folder = folder();
        let fake = Fake::start(folder.path().join("c"));
        fake.reply_to_all(reply);
        let config = ContainerConfig {
            cri: EngineConfig::at([fake.socket()]),
            containerd: EngineConfig::at([fake.socket()]),
            ..quick()
        };
        let mut service = ContainerService::start(&Handle::current(), config);
        assert!(service.request(wish(&id(1))));
        assert_eq!(answer(&mut service, &id(1)).await.change, Change::Unknown);
        let counters = service.counters();
        for engine in [Engine::Cri, Engine::Containerd] {
            let EngineCounters { failed, timed_out, answered, .. } = counters.engine(engine);
            assert!(failed + timed_out >= 1 && answered == 0, "{counters:?}");
        }
    }
}

#[tokio::test]
async fn a_socket_may_appear_vanish_and_come_back() {
    let folder = folder();
    let socket = folder.path().join("d");
    let (early, late) = (id(1), id(2));
    let mut service =
        ContainerService::start(&Handle::current(), with_docker(quick(), socket.clone()));
    assert!(service.request(wish(&early)));
    assert_eq!(answer(&mut service, &early).await.change, Change::Unknown);

    let fake = Fake::start(socket.clone());
    fake.put(&early, "early");
    assert!(matches!(answer(&mut service, &early).await.change, Change::Described(_)));
    drop(fake);
    fs::remove_file(&socket).unwrap();

    // What came and went while the runtime could not be heard is seen in its first list.
    let fake = Fake::start(socket);
    fake.put(&late, "late");
    let (mut gone, mut came) = (false, false);
    while !(gone && came) {
        let answer = timeout(Duration::from_mins(1), service.next()).await.unwrap().unwrap();
        match answer.change {
            Change::Removed(info) => gone |= info.full_id == early,
            Change::Described(info) => came |= info.full_id == late,
            Change::Unknown => {}
        }
    }
    assert!(service.counters().engine(Engine::Docker).connected >= 2);
}

#[tokio::test]
async fn requests_without_room_are_dropped_and_counted() {
    let config = ContainerConfig { max_queued: 2, ..quick() };
    // Its tasks run when this one waits, so nothing is taken out meanwhile.
    let service = ContainerService::start(&Handle::current(), config);
    let taken = (0..5).filter(|it| service.request(wish(&id(*it)))).count();
    let counters = service.counters();
    assert_eq!((taken, counters.requested, counters.requests_dropped), (2, 5, 3));
}

#[tokio::test]
async fn a_container_without_threads_is_forgotten_unless_it_is_seen_again() {
    let folder = folder();
    let fake = Fake::start(folder.path().join("d"));
    let container = id(3);
    fake.put(&container, "web");
    let mut service = ContainerService::start(
        &Handle::current(),
        ContainerConfig { resync: FOR_EVER, ..with_docker(quick(), fake.socket()) },
    );
    assert!(matches!(answer(&mut service, &container).await.change, Change::Described(_)));
    assert!(service.last_thread_gone(&container[..12]));
    let Change::Removed(info) = answer(&mut service, &container).await.change else { panic!() };
    assert_eq!(info.name, "web");
    assert!(service.request(wish(&container)));
    assert!(matches!(answer(&mut service, &container).await.change, Change::Described(_)));
}

#[tokio::test]
async fn ten_thousand_containers_come_and_go() {
    let folder = folder();
    let fake = Fake::start(folder.path().join("d"));
    let mut service =
        ContainerService::start(&Handle::current(), with_docker(quick(), fake.socket()));
    for round in 0..10 {
        let ids: Vec<_> = (0..1000).map(|it| id(round * 1000 + it + 1)).collect();
        for id in &ids {
            fake.put(id, "web");
        }
        let (mut described, mut removed) = (0, 0);
        while removed < ids.len() {
            let answer = timeout(Duration::from_mins(1), service.next()).await.unwrap().unwrap();
            match answer.change {
                Change::Described(_) => described += 1,
                Change::Removed(_) => removed += 1,
                Change::Unknown => panic!("nobody asked"),
            }
            if described == ids.len() {
                fake.clear();
            }
        }
        assert_eq!(described, ids.len());
    }
    assert_eq!(service.counters().evicted, 0);
}

#[tokio::test]
async fn what_is_remembered_is_bounded() {
    let folder = folder();
    let fake = Fake::start(folder.path().join("d"));
    for number in 1..=5 {
        fake.put(&id(number), "web");
    }
    let config = ContainerConfig {
        max_containers: 2,
        resync: FOR_EVER,
        ..with_docker(quick(), fake.socket())
    };
    let service = ContainerService::start(&Handle::current(), config);
    until(&service, |it| it.engine(Engine::Docker).connected == 1).await;
    for number in 1..=5 {
        assert!(service.request(wish(&id(number))));
    }
    until(&service, |it| it.evicted >= 3).await;
}

#[tokio::test]
async fn an_event_line_without_end_is_skipped() {
    let folder = folder();
    let fake = Fake::start(folder.path().join("d"));
    let config = ContainerConfig { resync: FOR_EVER, ..with_docker(quick(), fake.socket()) };
    let mut service = ContainerService::start(&Handle::current(), config);
    let late = id(9);
    fake.put(&late, "late");
    let event = |id: &str| format!(r#"{{"Action":"start","Actor":{{"ID":"{id}"}}}}"#) + "\n";
    fake.tell(&("x".repeat(3 << 20) + "\n"));
    fake.tell("garbage\n");
    fake.tell(&event(&late));
    assert!(matches!(answer(&mut service, &late).await.change, Change::Described(_)));
    until(&service, |it| it.engine(Engine::Docker).failed >= 1).await;
}
