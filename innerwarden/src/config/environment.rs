//! `${VAR}` in the values of a configuration file.

use crate::document::{Content, Node};

/// Replaces `${VAR}` by what `lookup` gives (nothing when it is unset) and `$${VAR}` by a literal
/// `${VAR}`, in every scalar that is not a key.
pub(crate) fn expand(node: &mut Node, lookup: &dyn Fn(&str) -> Option<String>) {
    match &mut node.content {
        Content::Null => {}
        Content::Scalar(text) => {
            if text.contains('$') {
                *text = expand_text(text, lookup);
            }
        }
        Content::Sequence(items) => items.iter_mut().for_each(|item| expand(item, lookup)),
        Content::Map(entries) => entries.iter_mut().for_each(|(_, value)| expand(value, lookup)),
    }
}

fn expand_text(text: &str, lookup: &dyn Fn(&str) -> Option<String>) -> String {
    let mut expanded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let (before, from) = rest.split_at(start);
        let Some((name, after)) = from.get(2..).and_then(|inside| inside.split_once('}')) else {
            break;
        };
        if let Some(before) = before.strip_suffix('$') {
            expanded.extend([before, "${", name, "}"]);
        } else {
            expanded.extend([before, &lookup(name).unwrap_or_default()]);
        }
        rest = after;
    }
    expanded.push_str(rest);
    expanded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let lookup = |name: &str| (name == "HOME").then(|| "/root".to_owned());
        assert_eq!(expand_text(text, &lookup), expected);
    }

    #[test]
    fn variables_are_replaced() {
        check("${HOME}/rules", "/root/rules");
        check("a${UNSET}b", "ab");
        check("$${HOME}", "${HOME}");
        check("$HOME ${HOME", "$HOME ${HOME");
        check("${HOME}${HOME}", "/root/root");
    }
}
