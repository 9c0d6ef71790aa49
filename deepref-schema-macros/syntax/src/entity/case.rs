//! `rename_all`: the ways to write several words.

/// A way to write several words as one name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

/// The names that `serde` has for them.
pub(super) const CASES: [(&str, Case); 8] = [
    ("lowercase", Case::Lower),
    ("UPPERCASE", Case::Upper),
    ("PascalCase", Case::Pascal),
    ("camelCase", Case::Camel),
    ("snake_case", Case::Snake),
    ("SCREAMING_SNAKE_CASE", Case::ScreamingSnake),
    ("kebab-case", Case::Kebab),
    ("SCREAMING-KEBAB-CASE", Case::ScreamingKebab),
];

impl Case {
    /// The case of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        CASES.iter().find(|(known, _)| *known == name).map(|(_, case)| *case)
    }

    /// A name in this case. Fields are written in snake case, variants and
    /// types in Pascal case; both are taken.
    pub(super) fn apply(self, name: &str) -> String {
        let snake = snake(name);
        match self {
            Self::Lower => name.to_lowercase(),
            Self::Upper => name.to_uppercase(),
            Self::Snake => snake,
            Self::ScreamingSnake => snake.to_uppercase(),
            Self::Kebab => snake.replace('_', "-"),
            Self::ScreamingKebab => snake.to_uppercase().replace('_', "-"),
            Self::Pascal => pascal(&snake),
            Self::Camel => {
                let pascal = pascal(&snake);
                let mut chars = pascal.chars();
                let first = chars.next().map(char::to_lowercase).into_iter().flatten();
                first.chain(chars).collect()
            }
        }
    }
}

/// As `serde` does it: each capital letter begins a word.
pub(super) fn snake(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    let mut before = '_';
    for char in name.chars() {
        if char.is_uppercase() && before != '_' {
            snake.push('_');
        }
        snake.extend(char.to_lowercase());
        before = char;
    }
    snake
}

/// The name of a type in snake case, where a row of capitals is one word:
/// `AISession` is `ai_session`.
pub(super) fn type_name(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut snake = String::with_capacity(name.len() + 4);
    for (at, char) in chars.iter().enumerate() {
        let after_lower = at > 0 && !chars[at - 1].is_uppercase() && chars[at - 1] != '_';
        let before_lower = chars.get(at + 1).is_some_and(|next| next.is_lowercase());
        let after_upper = at > 0 && chars[at - 1].is_uppercase();
        if char.is_uppercase() && (after_lower || after_upper && before_lower) {
            snake.push('_');
        }
        snake.extend(char.to_lowercase());
    }
    snake
}

fn pascal(snake: &str) -> String {
    let words = snake.split('_').filter(|word| !word.is_empty());
    let capital = |word: &str| {
        let mut chars = word.chars();
        let first = chars.next().map(char::to_uppercase).into_iter().flatten();
        first.chain(chars).collect::<String>()
    };
    words.map(capital).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_each_case() {
        let field = CASES.map(|(_, case)| case.apply("rcs_score"));
        let variant = CASES.map(|(_, case)| case.apply("InReview"));
        assert_eq!(
            field,
            [
                "rcs_score",
                "RCS_SCORE",
                "RcsScore",
                "rcsScore",
                "rcs_score",
                "RCS_SCORE",
                "rcs-score",
                "RCS-SCORE"
            ]
        );
        assert_eq!(
            variant,
            [
                "inreview",
                "INREVIEW",
                "InReview",
                "inReview",
                "in_review",
                "IN_REVIEW",
                "in-review",
                "IN-REVIEW"
            ]
        );
    }

    #[test]
    fn names_of_types() {
        for (name, snake) in [
            ("User", "user"),
            ("AISession", "ai_session"),
            ("KYCDocument", "kyc_document"),
            ("UserMFA", "user_mfa"),
            ("Sha256Sum", "sha256_sum"),
        ] {
            assert_eq!(type_name(name), snake);
        }
    }
}
