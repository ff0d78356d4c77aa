//! After conversion as many events are left as Falco shows to its rules.

use std::path::Path;

use event::{
    Event, EventType,
    capture::{Reader, Record},
    convert::Converter,
};
use expect_test::expect;

use crate::shared;

/// Events that say what was there before recording began; rules do not see them in front of the others.
fn is_initial(event: &Event<'_>) -> bool {
    matches!(
        event.kind,
        EventType::ContainerJsonV2E
            | EventType::UserAddedE
            | EventType::UserDeletedE
            | EventType::GroupAddedE
            | EventType::GroupDeletedE
            | EventType::AsynceventE
    )
}

/// Enter events that only serve the state.
fn is_enter(event: &Event<'_>) -> bool {
    matches!(
        event.kind,
        EventType::OpenE
            | EventType::ConnectE
            | EventType::CreatE
            | EventType::ExecveV19E
            | EventType::OpenatV2E
            | EventType::Openat2E
            | EventType::ExecveatE
    )
}

/// Events that a rule would see.
fn visible_events(path: &Path) -> String {
    let mut reader = Reader::open(path).unwrap();
    let mut converter = Converter::new();
    let mut initial = true;
    let mut visible = 0;
    while let Some(record) = reader.next().unwrap() {
        let Record::Event(event) = record else { continue };
        let Some(event) = converter.convert(event).unwrap().event() else { continue };
        initial = initial && is_initial(&event);
        visible +=
            usize::from(!initial && !is_enter(&event) && event.flags & Event::STATE_ONLY == 0);
    }
    format!("{} {visible} {:?}\n", shared::name(path), converter.counters())
}

#[test]
fn rules_see_as_many_events_as_in_falco() {
    let Some(captures) = shared::captures() else { return };
    let summaries: String = captures.iter().map(|path| visible_events(path)).collect();
    expect![[r#"
        busy-a.scap 70705 ConvertCounters { evicted: 0, mismatched: 0 }
        dense-a.scap 190953 ConvertCounters { evicted: 0, mismatched: 0 }
        docker-a-meta.scap 20637 ConvertCounters { evicted: 0, mismatched: 0 }
        falco__cat_write.scap 303 ConvertCounters { evicted: 0, mismatched: 0 }
        falco__connect_localhost.scap 370 ConvertCounters { evicted: 0, mismatched: 0 }
        falco__empty.scap 80 ConvertCounters { evicted: 0, mismatched: 0 }
        falco__open-multiple-files.scap 1227 ConvertCounters { evicted: 0, mismatched: 0 }
        falco__ping_sendto.scap 1516 ConvertCounters { evicted: 0, mismatched: 0 }
        falco__privileged.scap 2059 ConvertCounters { evicted: 0, mismatched: 0 }
        falco__run_as_user_0_container.scap 2784 ConvertCounters { evicted: 0, mismatched: 0 }
        falco__run_as_user_65534_container.scap 239 ConvertCounters { evicted: 0, mismatched: 0 }
        falco__syscall.scap 362 ConvertCounters { evicted: 0, mismatched: 0 }
        falco__write_tmp_test.scap 227 ConvertCounters { evicted: 0, mismatched: 0 }
        host-a.scap 30476 ConvertCounters { evicted: 0, mismatched: 0 }
        libs__curl_google.scap 939 ConvertCounters { evicted: 0, mismatched: 0 }
        libs__curl_google_comments.scap 939 ConvertCounters { evicted: 0, mismatched: 0 }
        libs__sample.scap 390 ConvertCounters { evicted: 0, mismatched: 0 }
        libs__single_ipv6_conn.scap 1714 ConvertCounters { evicted: 0, mismatched: 0 }
        libs__test_ipv6_client.scap 293 ConvertCounters { evicted: 0, mismatched: 0 }
        perf-a.scap 443075 ConvertCounters { evicted: 0, mismatched: 0 }
        pod-priv-a-meta.scap 20643 ConvertCounters { evicted: 0, mismatched: 0 }
        thin-docker-a-meta.scap 8015 ConvertCounters { evicted: 0, mismatched: 0 }
        thin-host-a.scap 11323 ConvertCounters { evicted: 0, mismatched: 0 }
        thin-pod-priv-a-meta.scap 7990 ConvertCounters { evicted: 0, mismatched: 0 }
        s1.scap 50 ConvertCounters { evicted: 0, mismatched: 0 }
        s2.scap 32 ConvertCounters { evicted: 0, mismatched: 0 }
        s3.scap 23 ConvertCounters { evicted: 0, mismatched: 0 }
        s4.scap 70 ConvertCounters { evicted: 0, mismatched: 0 }
    "#]]
    .assert_eq(&summaries);
}
