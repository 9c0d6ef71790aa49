//! What the author may have meant.

/// The name nearest to a misspelt one, where one is near enough.
pub fn nearest<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (wrong.chars().count() / 3).max(1);
    let scored = names.into_iter().map(|name| (distance(wrong, name), name));
    scored.filter(|(distance, _)| *distance <= limit).min().map(|(_, name)| name)
}

/// A help for an unknown name: the nearest one, else the candidates, at most
/// ten.
pub fn help<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let mut names: Vec<_> = names.into_iter().collect();
    if let Some(name) = nearest(wrong, names.iter().copied()) {
        return Some(format!("did you mean `{name}`?"));
    }
    names.sort_unstable();
    names.dedup();
    let listed: Vec<_> = names.iter().take(10).map(|name| format!("`{name}`")).collect();
    let more = if names.len() > 10 { ", …" } else { "" };
    (!listed.is_empty()).then(|| format!("there are {}{more}", listed.join(", ")))
}

/// How many letters must be added, removed, replaced or swapped; case
/// does not count.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<_> = a.chars().flat_map(char::to_lowercase).collect();
    let b: Vec<_> = b.chars().flat_map(char::to_lowercase).collect();
    let mut rows = vec![(0..=b.len()).collect::<Vec<_>>()];
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let replaced = rows[i][j] + usize::from(x != y);
            let mut best = replaced.min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                best = best.min(rows[i - 1][j - 1] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        assert_eq!(nearest("usres", ["users", "orders"]), Some("users"));
        assert_eq!(nearest("Users", ["users"]), Some("users"));
        assert_eq!(nearest("emial", ["email", "mail"]), Some("email"));
        assert_eq!(nearest("people", ["users"]), None);
    }
}
