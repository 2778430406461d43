//! A dimension of a table: its categories from the total down to the leaves.

use std::collections::BTreeMap;

/// The categories of a dimension as a tree.
// INVARIANT: node 0 is the total; a parent comes before its children; labels differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hierarchy {
    labels: Vec<String>,
    parents: Vec<Option<usize>>,
    children: Vec<Vec<usize>>,
    by_label: BTreeMap<String, usize>,
}

/// Categories that are no tree.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HierarchyError {
    /// No category.
    #[error("the hierarchy is empty")]
    Empty,
    /// A category without a name.
    #[error("a category under `{parent}` has no name")]
    NoName {
        /// Under which category.
        parent: String,
    },
    /// A category under two others: the levels are not nested.
    #[error("`{label}` is under `{first}` and under `{second}`")]
    TwoParents {
        /// The category.
        label: String,
        /// Where it stands first.
        first: String,
        /// Where it stands again.
        second: String,
    },
    /// A category twice under the same.
    #[error("`{label}` stands twice under `{parent}`")]
    Twice {
        /// The category.
        label: String,
        /// Under which.
        parent: String,
    },
    /// More than one category that is under none.
    #[error("`{first}` and `{second}` are both under nothing")]
    TwoTotals {
        /// One.
        first: String,
        /// Another.
        second: String,
    },
    /// A category that is under itself, through others.
    #[error("`{label}` is under itself")]
    Circle {
        /// The category.
        label: String,
    },
    /// A category with an empty list of parts.
    #[error("`{label}` is said to have parts and has none")]
    NoParts {
        /// The category.
        label: String,
    },
}

impl Hierarchy {
    /// A tree from the parts of each category that has any, in any order; the parts keep their order.
    ///
    /// # Errors
    /// [`HierarchyError`] naming the category.
    pub fn new(parts: &[(String, Vec<String>)]) -> Result<Hierarchy, HierarchyError> {
        let parent_of = parents(parts)?;
        let mut tops = parts
            .iter()
            .map(|(label, _)| label)
            .filter(|label| !parent_of.contains_key(*label));
        let Some(top) = tops.next() else {
            return Err(match parts.first() {
                None => HierarchyError::Empty,
                Some((label, _)) => HierarchyError::Circle {
                    label: label.clone(),
                },
            });
        };
        if let Some(second) = tops.next() {
            return Err(HierarchyError::TwoTotals {
                first: top.clone(),
                second: second.clone(),
            });
        }
        let by_parent: BTreeMap<&String, &Vec<String>> =
            parts.iter().map(|(label, of)| (label, of)).collect();
        let mut hierarchy = Hierarchy {
            labels: Vec::new(),
            parents: Vec::new(),
            children: Vec::new(),
            by_label: BTreeMap::new(),
        };
        hierarchy.push(top, None);
        let mut at = 0;
        while at < hierarchy.labels.len() {
            let label = hierarchy.labels[at].clone();
            for part in by_parent.get(&label).into_iter().flat_map(|of| of.iter()) {
                hierarchy.push(part, Some(at));
            }
            at += 1;
        }
        // Whatever the total does not lead to hangs in a circle: everything else has one parent.
        match parts
            .iter()
            .find(|(label, _)| !hierarchy.by_label.contains_key(label))
        {
            Some((label, _)) => Err(HierarchyError::Circle {
                label: label.clone(),
            }),
            None => Ok(hierarchy),
        }
    }

    /// A total and its categories.
    ///
    /// # Errors
    /// [`HierarchyError`] naming the category.
    pub fn flat(total: &str, categories: &[String]) -> Result<Hierarchy, HierarchyError> {
        Hierarchy::new(&[(total.to_owned(), categories.to_vec())])
    }

    fn push(&mut self, label: &str, parent: Option<usize>) {
        let at = self.labels.len();
        self.labels.push(label.to_owned());
        self.parents.push(parent);
        self.children.push(Vec::new());
        self.by_label.insert(label.to_owned(), at);
        if let Some(parent) = parent {
            self.children[parent].push(at);
        }
    }

    /// How many categories there are, the total among them.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is no category: never.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The name of a category.
    pub fn label(&self, node: usize) -> &str {
        &self.labels[node]
    }

    /// The category of this name.
    pub fn find(&self, label: &str) -> Option<usize> {
        self.by_label.get(label).copied()
    }

    /// The category that this one is a part of; none for the total.
    pub fn parent(&self, node: usize) -> Option<usize> {
        self.parents[node]
    }

    /// The parts of a category; none for a leaf.
    pub fn children(&self, node: usize) -> &[usize] {
        &self.children[node]
    }
}

fn parents(parts: &[(String, Vec<String>)]) -> Result<BTreeMap<&String, &String>, HierarchyError> {
    let mut parent_of: BTreeMap<&String, &String> = BTreeMap::new();
    let mut seen: BTreeMap<&String, ()> = BTreeMap::new();
    for (parent, of) in parts {
        if seen.insert(parent, ()).is_some() {
            return Err(HierarchyError::Twice {
                label: parent.clone(),
                parent: parent.clone(),
            });
        }
        if of.is_empty() {
            return Err(HierarchyError::NoParts {
                label: parent.clone(),
            });
        }
        for label in of {
            if label.trim().is_empty() {
                return Err(HierarchyError::NoName {
                    parent: parent.clone(),
                });
            }
            match parent_of.insert(label, parent) {
                None => {}
                Some(first) if first == parent => {
                    return Err(HierarchyError::Twice {
                        label: label.clone(),
                        parent: parent.clone(),
                    });
                }
                Some(first) => {
                    return Err(HierarchyError::TwoParents {
                        label: label.clone(),
                        first: first.clone(),
                        second: parent.clone(),
                    });
                }
            }
        }
    }
    Ok(parent_of)
}
