//! Sizes as PostgreSQL writes them: `64MB`.

/// The bytes of a size: a whole number and a unit that PostgreSQL has (manual
/// chapter "Setting Parameters": a kilobyte is 1,024 bytes).
pub(super) fn bytes(text: &str) -> Result<u64, String> {
    const UNITS: [(&str, u32); 5] = [("B", 0), ("kB", 10), ("MB", 20), ("GB", 30), ("TB", 40)];
    let digits = text.trim_end_matches(|char: char| char.is_ascii_alphabetic());
    let unit = UNITS.iter().find(|(unit, _)| *unit == &text[digits.len()..]);
    let number = digits.trim().parse::<u64>().ok();
    let size = number.zip(unit).and_then(|(number, (_, shift))| number.checked_mul(1 << shift));
    size.ok_or_else(|| "write a number and a unit: 512kB, 64MB, 1GB".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_sizes() {
        for (text, size) in [("0B", 0), ("3 kB", 3 << 10), ("64MB", 64 << 20), ("1TB", 1 << 40)] {
            assert_eq!(bytes(text), Ok(size), "{text}");
        }
        for text in ["", "64", "MB", "1mb", "-1MB", "1.5GB", "99999999999TB", "1MB!", "é"] {
            assert!(bytes(text).is_err(), "{text}");
        }
    }
}
