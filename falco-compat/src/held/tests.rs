//! Tests of events that wait for metadata.

use std::io::Write as _;

use event::{
    EventType,
    encode::{Encoder, Param},
};
use expect_test::{Expect, expect};
use host::HostConfig;

use super::*;
use crate::{
    field::Agent,
    rules::{Loader, Settings},
};

const RULES: &str = r#"
- rule: Image
  desc: d
  condition: evt.type = chmod and container.image.repository = "web"
  output: chmod in %container.image.repository by %evt.type of %evt.arg.filename (%toupper(container.name))
  priority: WARNING
- rule: Not allowed
  desc: d
  condition: evt.type = chmod and not k8s.ns.name in (kube-system, trusted)
  output: chmod (%k8s.ns.name %container.id)
  priority: NOTICE
- rule: Any
  desc: d
  condition: evt.type = chmod and evt.arg.filename startswith /etc
  output: chmod of %evt.arg.filename in %container.image.repository
  priority: INFO
- rule: Other file
  desc: d
  condition: evt.type = chmod and evt.arg.filename = /other and container.privileged = true
  output: other
  priority: INFO
- rule: Without
  desc: d
  condition: evt.type = rename and evt.res = SUCCESS
  output: rename
  priority: INFO
"#;

const FULL_ID: &str = "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc";

/// A host on which thread 20 has just begun to live in a container.
fn host(encoder: &mut Encoder) -> Host {
    let mut host = Host::new(&HostConfig::default());
    let mut params = [Param::Empty; 21];
    params[0] = Param::Int(0);
    params[3] = Param::Int(20);
    params[4] = Param::Int(20);
    params[5] = Param::Int(1);
    let cgroup = format!("cpu=/system.slice/docker-{FULL_ID}.scope");
    let cgroups = [cgroup.as_bytes()];
    params[14] = Param::List(&cgroups);
    host.on_event(&encoder.encode(EventType::CloneV20X, 1000, 20, &params).unwrap());
    host
}

fn rules() -> Vec<Rule> {
    let mut loader = Loader::new(Settings::default());
    let result = loader.load("rules.yaml", RULES.as_bytes());
    assert!(result.is_successful(), "{}", result.text());
    loader.rules_in_force(&[])
}

/// What becomes of a chmod of `path` in a container of which `json` is told afterwards.
#[track_caller]
fn check(matching: RuleMatching, path: &str, json: Option<&str>, expected: &Expect) {
    let (arena, agent, mut encoder) = (Bump::new(), Agent::default(), Encoder::new());
    let rules = rules();
    let mut host = host(&mut encoder);
    let params = [Param::Int(0), Param::Text(path.as_bytes()), Param::Uint(0)];
    let event = encoder.encode(EventType::ChmodX, 2000, 20, &params).unwrap();
    host.on_event(&event);
    let held = {
        let ctx = Context::new(&event, &host, &arena, &agent);
        Holder::new(&rules, matching).hold(&ctx)
    };
    let Some(held) = held else { return expected.assert_eq("not held") };

    if let Some(json) = json {
        let json = format!("{{\"container\":{json}}}\0");
        let params = [Param::Uint(0), Param::Text(b"container"), Param::Raw(json.as_bytes())];
        host.on_event(&encoder.encode(EventType::AsynceventE, 3000, 0, &params).unwrap());
    }
    let mut text = Vec::new();
    let averted = held.settle(&host, &arena, &agent, |_, alert, change| {
        write!(text, "{change:?} {}: ", alert.rule).unwrap();
        text.extend_from_slice(&alert.message);
        for (name, value) in &alert.fields {
            write!(text, "\n  {name}=").unwrap();
            value.write_json(&mut text);
        }
        text.push(b'\n');
    });
    write!(text, "averted {averted}").unwrap();
    expected.assert_eq(&String::from_utf8(text).unwrap());
}

const WEB: &str = r#"{"type":0,"id":"cccccccccccc","name":"shop","image":"web:1","imagerepo":"web",
    "labels":{"io.kubernetes.pod.namespace":"trusted"}}"#;

#[test]
fn rules_on_images_see_the_first_events() {
    check(
        RuleMatching::First,
        "/x",
        Some(WEB),
        &expect![[r#"
            Gained Image: chmod in web by chmod of /x (SHOP)
              container.image.repository="web"
              container.name="shop"
              evt.arg.filename="/x"
              evt.type="chmod"
            averted 0"#]],
    );
}

#[test]
fn exceptions_for_namespaces_apply_to_the_first_events() {
    check(
        RuleMatching::All,
        "/x",
        Some(WEB),
        &expect![[r#"
            Gained Image: chmod in web by chmod of /x (SHOP)
              container.image.repository="web"
              container.name="shop"
              evt.arg.filename="/x"
              evt.type="chmod"
            averted 1"#]],
    );
}

#[test]
fn outputs_show_what_came_later() {
    check(
        RuleMatching::All,
        "/etc/x",
        Some(WEB),
        &expect![[r#"
            Gained Image: chmod in web by chmod of /etc/x (SHOP)
              container.image.repository="web"
              container.name="shop"
              evt.arg.filename="/etc/x"
              evt.type="chmod"
            Same Any: chmod of /etc/x in web
              container.image.repository="web"
              evt.arg.filename="/etc/x"
            averted 1"#]],
    );
}

#[test]
fn without_metadata_it_is_as_in_falco() {
    check(
        RuleMatching::All,
        "/etc/x",
        None,
        &expect![[r#"
            Same Not allowed: chmod (<NA> cccccccccccc)
              container.id="cccccccccccc"
              k8s.ns.name=null
            Same Any: chmod of /etc/x in <NA>
              container.image.repository=null
              evt.arg.filename="/etc/x"
            averted 0"#]],
    );
}

#[test]
fn events_that_no_metadata_can_save_are_not_held() {
    let (arena, agent, mut encoder) = (Bump::new(), Agent::default(), Encoder::new());
    let rules = rules();
    let mut host = host(&mut encoder);
    let params = [Param::Int(-2), Param::Text(b"/a"), Param::Text(b"/b")];
    let event = encoder.encode(EventType::RenameX, 2000, 20, &params).unwrap();
    host.on_event(&event);

    let ctx = Context::new(&event, &host, &arena, &agent);
    assert!(Holder::new(&rules, RuleMatching::All).hold(&ctx).is_none());
}

#[test]
fn only_types_with_rules_on_metadata_are_worth_holding() {
    let rules = rules();
    let kinds: Vec<_> = Holder::new(&rules, RuleMatching::First).event_types().collect();
    assert!(
        kinds.contains(&EventType::ChmodX) && !kinds.contains(&EventType::RenameX),
        "{kinds:?}"
    );
}
