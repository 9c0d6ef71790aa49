//! Which words of SQL can stand beside others in an expression.

/// Words that join operands, or are part of something that has more words
/// than one. After any other word, or a literal, or a closing parenthesis, an
/// expression can only go on with one of these.
#[rustfmt::skip]
const JOINING: &[&str] = &[
    "all", "and", "any", "array", "as", "asymmetric", "at", "between", "bit", "by", "case", "cast",
    "char", "character", "collate", "day", "desc", "distinct", "document", "double", "else", "end",
    "escape", "exists", "false", "filter", "for", "from", "hour", "ilike", "in", "interval", "is",
    "isnull", "json", "keys", "like", "local", "minute", "month", "national", "nchar", "nfc", "nfd",
    "nfkc", "nfkd", "normalized", "not", "notnull", "nulls", "object", "of", "operator", "or",
    "order", "over", "overlaps", "partition", "precision", "row", "scalar", "second", "select",
    "similar", "some", "symmetric", "then", "time", "timestamp", "to", "true", "unknown", "using",
    "value", "varying", "when", "where", "with", "within", "without", "year", "zone",
];

/// Joining words that SQL reserves, so that none of them can be a column: an
/// operator after one of them has nothing on its left.
#[rustfmt::skip]
const OPEN: &[&str] = &[
    "all", "and", "any", "array", "as", "asymmetric", "between", "case", "cast", "collate", "desc",
    "distinct", "else", "for", "from", "ilike", "in", "is", "like", "not", "or", "order", "overlaps",
    "select", "similar", "some", "symmetric", "then", "to", "using", "when", "where", "with",
];

/// Joining words after which no other word is part of the same operand.
const FINAL: &[&str] = &["end", "false", "isnull", "notnull", "true"];

/// Joining words that take parentheses as a function does.
#[rustfmt::skip]
const CALLABLE: &[&str] = &[
    "all", "any", "array", "bit", "cast", "char", "character", "exists", "interval", "nchar",
    "operator", "row", "second", "some", "time", "timestamp", "varying",
];

/// Words that never continue an operand in the open: there, they begin the
/// next clause or item.
#[rustfmt::skip]
const ONLY_INSIDE: &[&str] = &[
    "all", "any", "array", "as", "bit", "by", "case", "cast", "char", "desc", "distinct", "exists",
    "for", "from", "json", "nulls", "object", "of", "order", "partition", "row", "scalar", "select",
    "some", "symmetric", "using", "value", "where",
];

pub(super) fn is_joining(word: &str) -> bool {
    JOINING.binary_search(&word).is_ok()
}

pub(super) fn is_open(word: &str) -> bool {
    OPEN.binary_search(&word).is_ok()
}

pub(super) fn is_final(word: &str) -> bool {
    FINAL.binary_search(&word).is_ok()
}

pub(super) fn is_callable(word: &str) -> bool {
    CALLABLE.binary_search(&word).is_ok()
}

/// Whether an operand in the open can go on with this word.
pub(super) fn continues(word: &str) -> bool {
    is_joining(word) && ONLY_INSIDE.binary_search(&word).is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_sorted_and_known() {
        for words in [JOINING, OPEN, FINAL, CALLABLE, ONLY_INSIDE] {
            assert!(words.is_sorted());
            assert!(words.iter().all(|word| is_joining(word)));
        }
    }
}
