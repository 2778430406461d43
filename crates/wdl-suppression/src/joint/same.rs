//! One table under two names: where the categories and the numbers are the same, the dimensions are, whatever they are called.
//!
//! Protected apart, each would hide other cells and show what the other hides.

use std::collections::BTreeMap;

use crate::form::TableForm;
use crate::form::cells::same_numbers;

/// With more dimensions only their order as given is compared.
const PERMUTED_DIMENSIONS: usize = 5;

/// The tables with one name for each dimension that two of them hold under two: the name that comes first.
pub(super) fn one_name(forms: &[&TableForm]) -> Vec<TableForm> {
    let mut named: Vec<TableForm> = forms.iter().map(|form| (*form).clone()).collect();
    for (one, two) in same_numbers(forms) {
        let Some(pairs) = same_dimensions(&named[one], &named[two]) else {
            continue;
        };
        for (first, other) in pairs {
            rename(&mut named, &first, &other);
        }
    }
    named
}

/// Calls a dimension by another name in every table, save where that name is taken.
fn rename(forms: &mut [TableForm], first: &str, other: &str) {
    if first == other {
        return;
    }
    for form in forms {
        let Some(names) = &mut form.dimensions else {
            continue;
        };
        if names.iter().any(|name| name == first) {
            continue;
        }
        for name in names.iter_mut().filter(|name| *name == other) {
            *name = first.to_owned();
        }
    }
}

/// The names of the dimensions of two tables with the same categories and the same leaves, in pairs; none when they are not the same.
fn same_dimensions(one: &TableForm, two: &TableForm) -> Option<Vec<(String, String)>> {
    let (first, second) = (one.dimensions.as_ref()?, two.dimensions.as_ref()?);
    let many = one.hierarchies.len();
    if many == 0 || first.len() != many || second.len() != many || two.hierarchies.len() != many {
        return None;
    }
    let straight: Vec<usize> = (0..many).collect();
    let leaves = leaves(one, &straight);
    let fits = |order: &Vec<usize>| {
        let is_like = |(at, of): (usize, &usize)| one.hierarchies[at] == two.hierarchies[*of];
        order.iter().enumerate().all(is_like) && leaves == self::leaves(two, order)
    };
    let orders = match many <= PERMUTED_DIMENSIONS {
        true => orders(many),
        false => vec![straight],
    };
    let order = orders.into_iter().find(fits)?;
    let pair = |(at, of): (usize, usize)| (first[at].clone(), second[of].clone());
    Some(order.into_iter().enumerate().map(pair).collect())
}

/// The numbers that are not zero by their labels, in the order of the dimensions that is given.
fn leaves<'f>(form: &'f TableForm, order: &[usize]) -> BTreeMap<Vec<&'f str>, (u64, u64)> {
    let bits = |number: Option<f64>| number.map_or(0, f64::to_bits);
    let numbers = form.leaves.iter().map(|leaf| {
        let label = |at: &usize| leaf.key.get(*at).map_or("", String::as_str);
        let key: Vec<&str> = order.iter().map(label).collect();
        (key, (bits(leaf.n), bits(leaf.value)))
    });
    numbers.filter(|(_, number)| *number != (0, 0)).collect()
}

/// Every order of so many dimensions, the straight one first.
fn orders(many: usize) -> Vec<Vec<usize>> {
    let mut orders = vec![Vec::new()];
    for _ in 0..many {
        let longer = |order: &Vec<usize>| {
            let rest = (0..many).filter(|at| !order.contains(at));
            let with = rest.map(|at| order.iter().copied().chain([at]).collect());
            with.collect::<Vec<Vec<usize>>>()
        };
        orders = orders.iter().flat_map(longer).collect();
    }
    orders
}
