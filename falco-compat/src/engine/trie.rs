//! Which of many prefixes a text begins with, in one walk.

/// A set of byte strings, each standing for some atoms.
#[derive(Debug, Default)]
pub(super) struct Trie {
    nodes: Vec<TrieNode>,
}

#[derive(Debug, Default)]
struct TrieNode {
    /// Next byte and the node it leads to, in order of insertion; mostly one or two.
    edges: Vec<(u8, u32)>,
    /// Atoms whose prefix ends here.
    atoms: Vec<u32>,
}

impl Trie {
    /// Adds `bytes` for `atom`.
    pub(super) fn insert(&mut self, bytes: impl Iterator<Item = u8>, atom: u32) {
        if self.nodes.is_empty() {
            self.nodes.push(TrieNode::default());
        }
        let mut at = 0;
        for byte in bytes {
            at = match self.step(at, byte) {
                Some(next) => next,
                None => self.grow(at, byte),
            };
        }
        if let Some(node) = self.nodes.get_mut(at) {
            node.atoms.push(atom);
        }
    }

    /// Calls `hit` with every atom whose bytes `text` begins with.
    #[inline]
    pub(super) fn walk(&self, text: impl Iterator<Item = u8>, mut hit: impl FnMut(u32)) {
        let Some(mut node) = self.nodes.first() else { return };
        node.atoms.iter().for_each(|&atom| hit(atom));
        for byte in text {
            let next = node.edges.iter().find(|&&(label, _)| label == byte);
            let Some(next) = next.and_then(|&(_, next)| self.nodes.get(next as usize)) else {
                return;
            };
            node = next;
            node.atoms.iter().for_each(|&atom| hit(atom));
        }
    }

    fn step(&self, at: usize, byte: u8) -> Option<usize> {
        let edges = &self.nodes.get(at)?.edges;
        edges.iter().find(|&&(label, _)| label == byte).map(|&(_, next)| next as usize)
    }

    fn grow(&mut self, at: usize, byte: u8) -> usize {
        let next = self.nodes.len();
        self.nodes.push(TrieNode::default());
        if let (Some(node), Ok(label)) = (self.nodes.get_mut(at), u32::try_from(next)) {
            node.edges.push((byte, label));
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(prefixes: &[&str], text: &str, expected: &[u32]) {
        let mut trie = Trie::default();
        for (atom, prefix) in (0..).zip(prefixes) {
            trie.insert(prefix.bytes(), atom);
        }
        let mut hits = Vec::new();
        trie.walk(text.bytes(), |atom| hits.push(atom));
        assert_eq!(hits, expected);
    }

    #[test]
    fn finds_every_prefix_shortest_first() {
        check(&["/etc", "/", "/etc/shadow", "/usr"], "/etc/passwd", &[1, 0]);
    }

    #[test]
    fn the_empty_prefix_always_hits() {
        check(&["", "x"], "", &[0]);
    }

    #[test]
    fn equal_prefixes_all_hit() {
        check(&["a", "a"], "ab", &[0, 1]);
    }

    #[test]
    fn an_empty_set_hits_nothing() {
        check(&[], "a", &[]);
    }
}
