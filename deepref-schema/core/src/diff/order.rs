//! The order of things that need each other.

/// The items, each after what it needs. In a circle, the first one comes
/// without what it needs.
pub(super) fn ordered<T: PartialEq + Clone>(items: Vec<T>, needs: impl Fn(&T) -> Vec<T>) -> Vec<T> {
    let mut waiting: Vec<(T, Vec<T>)> =
        items.into_iter().map(|item| (item.clone(), needs(&item))).collect();
    let mut done = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let is_ready = |(item, needs): &(T, Vec<T>)| {
            needs.iter().all(|need| need == item || !waiting.iter().any(|(other, _)| other == need))
        };
        let next = waiting.iter().position(is_ready).unwrap_or(0);
        done.push(waiting.remove(next).0);
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_come_first_and_circles_end() {
        let needs = |item: &&str| match *item {
            "a" => vec!["b"],
            "b" => vec!["c", "b"],
            "d" => vec!["e"],
            "e" => vec!["d"],
            _ => vec!["outside"],
        };
        assert_eq!(ordered(vec!["a", "b", "c"], needs), ["c", "b", "a"]);
        assert_eq!(ordered(vec!["d", "e"], needs), ["d", "e"]);
    }
}
