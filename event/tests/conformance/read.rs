//! Every capture reads to its last byte.

use std::path::Path;

use event::capture::{Reader, Record};
use expect_test::expect;

use crate::shared;

/// Counts of each sort of record, on one line.
fn records(path: &Path) -> String {
    let mut reader = Reader::open(path).unwrap();
    let mut counts = [0; 8];
    while let Some(record) = reader.next().unwrap() {
        let index = match record {
            Record::Section => 0,
            Record::Machine(_) => 1,
            Record::Interface(_) => 2,
            Record::User(_) => 3,
            Record::Group(_) => 4,
            Record::Thread(_) => 5,
            Record::Fd(_) => 6,
            Record::Event(_) => 7,
        };
        counts[index] += 1;
    }
    let name = shared::name(path);
    format!("{name} {counts:?} skipped {} ends {}\n", reader.skipped_events(), reader.offset())
}

#[test]
fn every_capture_reads_to_its_end() {
    let Some(captures) = shared::captures() else { return };
    let summaries: String = captures.iter().map(|path| records(path)).collect();
    expect![[r#"
        busy-a.scap [1, 1, 2, 26, 51, 1, 4, 70705] skipped 0 ends 6424736
        dense-a.scap [1, 1, 2, 26, 51, 1, 4, 190953] skipped 0 ends 20380544
        docker-a-meta.scap [1, 1, 2, 26, 51, 1, 4, 20638] skipped 0 ends 1980360
        falco__cat_write.scap [1, 1, 5, 32, 61, 73, 384, 345] skipped 0 ends 104348
        falco__connect_localhost.scap [1, 1, 7, 41, 71, 184, 690, 374] skipped 0 ends 199744
        falco__empty.scap [1, 1, 7, 31, 61, 103, 373, 83] skipped 0 ends 129640
        falco__open-multiple-files.scap [1, 1, 8, 40, 70, 128, 685, 1272] skipped 0 ends 225932
        falco__ping_sendto.scap [1, 1, 10, 42, 72, 136, 674, 1526] skipped 0 ends 260944
        falco__privileged.scap [1, 1, 11, 45, 77, 100, 644, 2059] skipped 0 ends 257832
        falco__run_as_user_0_container.scap [1, 1, 11, 45, 77, 124, 693, 4143] skipped 0 ends 434812
        falco__run_as_user_65534_container.scap [1, 1, 11, 45, 77, 126, 700, 241] skipped 0 ends 187636
        falco__syscall.scap [1, 1, 7, 41, 71, 229, 773, 368] skipped 0 ends 239704
        falco__write_tmp_test.scap [1, 1, 11, 45, 77, 124, 693, 229] skipped 0 ends 182656
        host-a.scap [1, 1, 2, 26, 51, 1, 4, 30476] skipped 0 ends 2839480
        libs__curl_google.scap [1, 1, 5, 31, 55, 54, 316, 1536] skipped 0 ends 146164
        libs__curl_google_comments.scap [1, 1, 5, 31, 55, 54, 316, 1536] skipped 0 ends 146368
        libs__sample.scap [1, 1, 6, 34, 61, 94, 515, 572] skipped 0 ends 139496
        libs__single_ipv6_conn.scap [1, 1, 13, 42, 72, 154, 564, 1728] skipped 0 ends 250948
        libs__test_ipv6_client.scap [1, 1, 5, 31, 55, 58, 333, 326] skipped 0 ends 81324
        perf-a.scap [1, 1, 2, 26, 51, 1, 4, 443075] skipped 0 ends 40366748
        pod-priv-a-meta.scap [1, 1, 2, 26, 51, 1, 4, 20644] skipped 0 ends 2118636
        thin-docker-a-meta.scap [1, 1, 2, 26, 51, 1, 4, 8016] skipped 0 ends 896256
        thin-host-a.scap [1, 1, 2, 26, 51, 1, 4, 11323] skipped 0 ends 1252956
        thin-pod-priv-a-meta.scap [1, 1, 2, 26, 51, 1, 4, 7991] skipped 0 ends 1034104
        s1.scap [1, 1, 2, 0, 0, 3, 1, 50] skipped 0 ends 4760
        s2.scap [1, 1, 0, 2, 1, 4, 3, 32] skipped 0 ends 6488
        s3.scap [1, 1, 0, 0, 0, 3, 0, 24] skipped 0 ends 9788
        s4.scap [1, 1, 0, 0, 0, 3, 1, 76] skipped 0 ends 6924
    "#]].assert_eq(&summaries);
}
