//! Sets that grow together, known by their smallest member.

/// Disjoint sets of numbers.
// INVARIANT: a parent is never greater than its child, so that a root is the smallest of its set.
#[derive(Clone, Debug)]
pub(crate) struct UnionFind {
    parents: Vec<u32>,
}

impl UnionFind {
    /// As many sets of one.
    pub(crate) fn new(count: usize) -> UnionFind {
        let count = u32::try_from(count).expect("fewer nodes than numbers");
        UnionFind {
            parents: (0..count).collect(),
        }
    }

    /// The smallest member of the set of a number.
    pub(crate) fn find(&mut self, mut node: u32) -> u32 {
        loop {
            let parent = self.parents[node as usize];
            if parent == node {
                return node;
            }
            let above = self.parents[parent as usize];
            self.parents[node as usize] = above;
            node = above;
        }
    }

    /// Makes one set of two; whether they were two.
    pub(crate) fn join(&mut self, a: u32, b: u32) -> bool {
        let (a, b) = (self.find(a), self.find(b));
        let (root, child) = (a.min(b), a.max(b));
        self.parents[child as usize] = root;
        root != child
    }

    /// For each number, the smallest of its set.
    pub(crate) fn into_roots(mut self) -> Vec<u32> {
        // Parents come before their children, so one pass from below sees only roots.
        for node in 0..self.parents.len() {
            let parent = self.parents[node] as usize;
            self.parents[node] = self.parents[parent];
        }
        self.parents
    }
}
