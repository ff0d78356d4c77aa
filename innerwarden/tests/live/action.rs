//! What is done: a script with a name, on the host or in a container.

/// One action.
pub(crate) struct Action {
    pub(crate) name: String,
    pub(crate) place: Place,
    pub(crate) script: String,
}

/// Where it is done.
pub(crate) enum Place {
    Host,
    Container {
        /// Capabilities beyond those that Docker gives.
        capabilities: Vec<String>,
        has_terminal: bool,
    },
}

/// Reads a file of actions: `[NAME] PLACE [CAP_…] [terminal]`, then lines of shell; `#` before the first one is a
/// comment.
pub(crate) fn parse(text: &str) -> Vec<Action> {
    let mut actions: Vec<Action> = Vec::new();
    for line in text.lines() {
        if let Some((name, words)) = line.strip_prefix('[').and_then(|it| it.split_once("] ")) {
            assert!(actions.iter().all(|it| it.name != name), "two actions are named {name}");
            let place = place(words);
            actions.push(Action { name: name.to_owned(), place, script: String::new() });
        } else if let Some(action) = actions.last_mut() {
            action.script += line;
            action.script += "\n";
        } else {
            assert!(line.is_empty() || line.starts_with('#'), "before the first action: {line}");
        }
    }
    actions
}

fn place(words: &str) -> Place {
    let mut words = words.split(' ');
    match words.next() {
        Some("host") => Place::Host,
        Some("container") => {
            let (mut capabilities, mut has_terminal) = (Vec::new(), false);
            for word in words {
                match word {
                    "terminal" => has_terminal = true,
                    _ => capabilities.push(word.to_owned()),
                }
            }
            Place::Container { capabilities, has_terminal }
        }
        other => panic!("no such place: {other:?}"),
    }
}
