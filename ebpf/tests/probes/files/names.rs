//! Names, links, permissions and owners of files, and looking at them.

use super::{NOWHERE, check};
use crate::program::{Interface::Native, call};

#[test]
fn directories_and_removals_are_told() {
    check(
        Native,
        &[
            (call!("mkdir", "a", 0o10_751), "MkdirV2X res=0 path=\"a\\x00\" mode=4585"),
            (call!("mkdir", NOWHERE, 0), "MkdirV2X res=-14 path=- mode=0"),
            (
                call!("mkdirat", -100, "b", 0o700),
                "MkdiratX res=0 dirfd=-100 path=\"b\\x00\" mode=448",
            ),
            (call!("rmdir", "a"), "RmdirV2X res=0 path=\"a\\x00\""),
            (call!("rmdir", "a"), "RmdirV2X res=-2 path=\"a\\x00\""),
            (call!("unlink", "gone"), "UnlinkV2X res=-2 path=\"gone\\x00\""),
            (
                call!("unlinkat", -100, "b", 0),
                "UnlinkatV2X res=-21 dirfd=-100 name=\"b\\x00\" flags=0",
            ),
            (
                call!("unlinkat", -100, "b", 0x200),
                "UnlinkatV2X res=0 dirfd=-100 name=\"b\\x00\" flags=512",
            ),
            (call!("unlink", "file"), "UnlinkV2X res=0 path=\"file\\x00\""),
        ],
    );
}

#[test]
fn renames_are_told() {
    check(
        Native,
        &[
            (
                call!("rename", "gone", "b"),
                "RenameX res=-2 oldpath=\"gone\\x00\" newpath=\"b\\x00\"",
            ),
            (
                call!("renameat", -100, "file", -100, "a"),
                "RenameatX res=0 olddirfd=-100 oldpath=\"file\\x00\" newdirfd=-100 newpath=\"a\\x00\"",
            ),
            (
                call!("renameat2", -100, "a", 9, "b", 1),
                "Renameat2X res=-9 olddirfd=-100 oldpath=\"a\\x00\" newdirfd=9 newpath=\"b\\x00\" flags=1",
            ),
        ],
    );
}

#[test]
fn links_and_nodes_are_told() {
    check(
        Native,
        &[
            (call!("link", "file", "a"), "LinkV2X res=0 oldpath=\"file\\x00\" newpath=\"a\\x00\""),
            (
                call!("linkat", -100, "file", -100, "b", 0x1400 | 0x200),
                "LinkatV2X res=-22 olddir=-100 oldpath=\"file\\x00\" newdir=-100 newpath=\"b\\x00\" flags=5120",
            ),
            (
                call!("symlink", "any where", "c"),
                "SymlinkX res=0 target=\"any where\\x00\" linkpath=\"c\\x00\"",
            ),
            (
                call!("symlinkat", "x", 9, "d"),
                "SymlinkatX res=-9 target=\"x\\x00\" linkdirfd=9 linkpath=\"d\\x00\"",
            ),
            (call!("mknod", "e", 0o10_644, 0), "MknodX res=0 path=\"e\\x00\" mode=4516 dev=0"),
            (
                call!("mknodat", -100, "file", 0o644, 0x0070_0103),
                "MknodatX res=-17 dirfd=-100 path=\"file\\x00\" mode=33188 dev=1050371",
            ),
        ],
    );
}

#[test]
fn permissions_and_owners_are_told() {
    check(
        Native,
        &[
            (call!("chmod", "file", 0o104_755), "ChmodX res=0 filename=\"file\\x00\" mode=2541"),
            (call!("fchmod", 9, 0o644), "FchmodX res=-9 fd=9 mode=420"),
            (
                call!("fchmodat", -100, "file", 0o1777),
                "FchmodatX res=0 dirfd=-100 filename=\"file\\x00\" mode=1023",
            ),
            (call!("chown", "file", 0, -1), "ChownX res=0 path=\"file\\x00\" uid=0 gid=4294967295"),
            (call!("lchown", "gone", 1, 2), "LchownX res=-2 path=\"gone\\x00\" uid=1 gid=2"),
            (call!("fchown", 9, 1, 2), "FchownX res=-9 fd=9 uid=1 gid=2"),
            (
                call!("fchownat", -100, "gone", 1, 2, 0x1500),
                "FchownatX res=-22 dirfd=-100 pathname=\"gone\\x00\" uid=1 gid=2 flags=5120",
            ),
        ],
    );
}

#[test]
fn looks_are_told() {
    let buffer = || vec![0; 256];
    check(
        Native,
        &[
            (call!("stat", "file", buffer()), "StatX res=0 path=\"file\\x00\""),
            (call!("lstat", "gone", buffer()), "LstatX res=-2 path=\"gone\\x00\""),
            (call!("fstat", 9, buffer()), "FstatX res=-9 fd=9"),
            (
                call!("newfstatat", -100, "file", buffer(), 0x100),
                "NewfstatatX res=0 dirfd=-100 path=\"file\\x00\" flags=256",
            ),
            (call!("access", "file", 4), "AccessX res=0 name=\"file\\x00\" mode=4"),
            (call!("access", "gone", 0), "AccessX res=-2 name=\"gone\\x00\" mode=0"),
        ],
    );
}

#[test]
fn mounts_are_told() {
    check(
        Native,
        &[
            (
                call!("mount", "none", "gone", "tmpfs", 0xc0ed_0007, 0),
                "MountX res=-2 dev=\"none\\x00\" dir=\"gone\\x00\" type=\"tmpfs\\x00\" flags=7",
            ),
            (
                call!("mount", 0, "gone", 0, 0x40_0001, 0),
                "MountX res=-2 dev=- dir=\"gone\\x00\" type=- flags=4194305",
            ),
            (call!("umount2", "gone", 0xa), "Umount2X res=-2 name=\"gone\\x00\" flags=10"),
        ],
    );
}

#[test]
fn file_systems_are_configured_in_the_open() {
    check(
        Native,
        &[
            (
                call!("fsconfig", 99, 1, "source", "tmpfs", 0),
                "FsconfigX res=-9 fd=99 cmd=1 key=\"source\\x00\" value_bytebuf=- value_charbuf=- aux=0",
            ),
            (
                call!("fsconfig", 99, 6, 0, 0, -1),
                "FsconfigX res=-22 fd=99 cmd=6 key=- value_bytebuf=- value_charbuf=- aux=-1",
            ),
        ],
    );
}

#[test]
fn quotas_are_told_as_far_as_they_are_valid() {
    let limits = [1_u64, 2, 3, 4, 5, 6, 7, 8].map(u64::to_le_bytes).concat();
    let limits = [limits, (1_u32 | 4 | 32).to_le_bytes().to_vec(), vec![0; 4]].concat();
    check(
        Native,
        &[
            (
                call!("quotactl", 0x8000_0801, "gone", 7, limits),
                "QuotactlX res=-2 special=\"gone\\x00\" quotafilepath=- dqb_bhardlimit=1 dqb_bsoftlimit=2 \
                 dqb_curspace=0 dqb_ihardlimit=4 dqb_isoftlimit=5 dqb_btime=0 dqb_itime=8 dqi_bgrace=0 \
                 dqi_igrace=0 dqi_flags=0 quota_fmt_out=1 cmd=64 type=2 id=7 quota_fmt=1",
            ),
            (
                call!("quotactl", 0x8000_0200, "gone", 4, "quota file"),
                "QuotactlX res=-2 special=\"gone\\x00\" quotafilepath=\"quota file\\x00\" dqb_bhardlimit=0 \
                 dqb_bsoftlimit=0 dqb_curspace=0 dqb_ihardlimit=0 dqb_isoftlimit=0 dqb_btime=0 dqb_itime=0 \
                 dqi_bgrace=0 dqi_igrace=0 dqi_flags=0 quota_fmt_out=1 cmd=1 type=1 id=0 quota_fmt=8",
            ),
        ],
    );
}

#[test]
fn operations_on_keys_are_told_with_what_they_take() {
    let number = |it: u8| format!("\"\\x00\\x{it:02x}{}\"", "\\x00".repeat(7));
    let (zero, seven) = (number(0), number(7));
    check(
        Native,
        &[
            (
                call!("keyctl", 10, 7, "user", NOWHERE, 7),
                &format!(
                    "KeyctlX res=-14 operation=10 arg2={seven} arg3=\"\\x01user\\x00\" arg4=\"\\x01\" arg5={seven}"
                ),
            ),
            (
                call!("keyctl", 99, 7, 7, 7, 7),
                &format!(
                    "KeyctlX res=-95 operation=99 arg2={zero} arg3={zero} arg4={zero} arg5={zero}"
                ),
            ),
        ],
    );
}

#[cfg(target_arch = "x86_64")]
#[test]
fn programs_of_32_bits_have_calls_of_their_own() {
    use crate::program::Interface::Compat;
    check(
        Compat,
        &[
            (call!("umount", "gone"), "UmountV1X res=-2 name=\"gone\\x00\""),
            (call!("umount2", "gone", 2), "Umount2X res=-2 name=\"gone\\x00\" flags=2"),
            (call!("stat64", "file", vec![0; 256]), "StatX res=0 path=\"file\\x00\""),
            (call!("stat", "gone", vec![0; 256]), "StatX res=-2 path=\"gone\\x00\""),
            (call!("lstat64", "gone", vec![0; 256]), "LstatX res=-2 path=\"gone\\x00\""),
            (call!("fstat64", 9, vec![0; 256]), "FstatX res=-9 fd=9"),
            (
                call!("fstatat64", -100, "file", vec![0; 256], 0x100),
                "NewfstatatX res=0 dirfd=-100 path=\"file\\x00\" flags=256",
            ),
            (call!("chown", "file", 1, 2), "ChownX res=0 path=\"file\\x00\" uid=1 gid=2"),
            (call!("chown32", "gone", 1, 2), "ChownX res=-2 path=\"gone\\x00\" uid=1 gid=2"),
            (
                call!("lchown32", "gone", 3, -1),
                "LchownX res=-2 path=\"gone\\x00\" uid=3 gid=4294967295",
            ),
            (call!("fchown32", 9, 1, 2), "FchownX res=-9 fd=9 uid=1 gid=2"),
            (call!("mkdir", "a", 0o751), "MkdirV2X res=0 path=\"a\\x00\" mode=489"),
        ],
    );
}
