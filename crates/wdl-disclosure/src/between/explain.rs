//! The few statements that expose a cell: none of them can be left out.

/// The least set of statements, the preferred first, that is enough (Junker's QuickXplain).
///
/// `is_enough` must hold of all of them, and never stop holding when more are added.
pub(crate) fn least(preferred: &[usize], is_enough: &dyn Fn(&[usize]) -> bool) -> Vec<usize> {
    if is_enough(&[]) {
        return Vec::new();
    }
    let mut found = divide(&[], false, preferred, is_enough);
    let place = |at: &usize| preferred.iter().position(|one| one == at);
    found.sort_by_key(place);
    found
}

fn divide(
    ground: &[usize],
    has_grown: bool,
    rest: &[usize],
    is_enough: &dyn Fn(&[usize]) -> bool,
) -> Vec<usize> {
    if has_grown && is_enough(ground) {
        return Vec::new();
    }
    if rest.len() <= 1 {
        return rest.to_vec();
    }
    let (first, second) = rest.split_at(rest.len() / 2);
    let with_first = [ground, first].concat();
    let of_second = divide(&with_first, true, second, is_enough);
    let with_second = [ground, &of_second].concat();
    let of_first = divide(&with_second, !of_second.is_empty(), first, is_enough);
    [of_first, of_second].concat()
}
