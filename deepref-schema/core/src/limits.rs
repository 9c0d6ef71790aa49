//! How long the statements of one migration may wait and work.

use std::time::Duration;

/// The longest time that PostgreSQL takes for a timeout: so many milliseconds
/// (manual chapter "Client Connection Defaults").
pub const LONGEST: Duration = Duration::from_millis(i32::MAX as u64);

/// The units of times, from the longest to the shortest, in milliseconds
/// (manual chapter "Setting Parameters").
const UNITS: [(&str, u64); 5] =
    [("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1_000), ("ms", 1)];

/// What the attributes of a migration set for its transactions, instead of
/// what the program set for all of them. `None` where an attribute is missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// How long a statement may wait for a lock; never zero.
    pub lock_timeout: Option<Duration>,
    /// How long a statement may take; zero for as long as it wants.
    pub statement_timeout: Option<Duration>,
    /// How long a function may leave the transaction idle between two
    /// statements; never zero.
    pub idle_in_transaction_session_timeout: Option<Duration>,
    /// How often a segment is tried that fails for want of a lock; never zero.
    pub attempts: Option<u32>,
}

impl Limits {
    /// No attribute.
    pub const NONE: Self = Self {
        lock_timeout: None,
        statement_timeout: None,
        idle_in_transaction_session_timeout: None,
        attempts: None,
    };

    /// The attributes as they are written, without `#[` and `]`.
    pub fn attributes(&self) -> Vec<String> {
        let times = [
            ("lock_timeout", self.lock_timeout),
            ("statement_timeout", self.statement_timeout),
            ("idle_in_transaction_session_timeout", self.idle_in_transaction_session_timeout),
        ];
        let time = |(name, time): (&str, Option<Duration>)| {
            Some(format!("{name} = \"{}\"", time_text(time?)))
        };
        let attempts = self.attempts.map(|attempts| format!("attempts = {attempts}"));
        times.into_iter().filter_map(time).chain(attempts).collect()
    }
}

/// A time in the longest unit that fits.
pub fn time_text(time: Duration) -> String {
    let milliseconds = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let fitting = UNITS.iter().find(|(_, length)| milliseconds.is_multiple_of(*length));
    match fitting {
        Some((unit, length)) if milliseconds > 0 => format!("{}{unit}", milliseconds / length),
        _ => "0".to_owned(),
    }
}

/// The time of a text such as `10s`; `0` needs no unit.
///
/// # Errors
///
/// What is wrong with it.
pub fn time_of(text: &str) -> Result<Duration, String> {
    let digits = text.len() - text.trim_start_matches(|char: char| char.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    if number.is_empty() {
        return Err(format!("`{text}` is no time"));
    }
    let length = match UNITS.iter().find(|(name, _)| *name == unit.trim_start()) {
        Some((_, length)) => *length,
        None if unit.is_empty() && number.bytes().all(|digit| digit == b'0') => 1,
        None if unit.is_empty() => return Err(format!("`{text}` has no unit")),
        None => return Err(format!("`{}` is no unit of time", unit.trim_start())),
    };
    let milliseconds = number.parse::<u64>().ok().and_then(|number| number.checked_mul(length));
    match milliseconds.map(Duration::from_millis).filter(|time| *time <= LONGEST) {
        Some(time) => Ok(time),
        None => Err(format!("`{text}` is longer than PostgreSQL takes: at most {} ms", i32::MAX)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_as_it_is_read() {
        for text in ["0", "1ms", "1500ms", "10s", "90s", "5min", "2h", "1d", "36h"] {
            assert_eq!(time_of(text).map(time_text).as_deref(), Ok(text));
        }
        assert_eq!(time_of("60 s"), time_of("1min"));
        assert_eq!(time_of("0s"), Ok(Duration::ZERO));
        assert_eq!(time_of("2147483647ms"), Ok(LONGEST));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for (text, why) in [
            ("", "`` is no time"),
            ("s", "`s` is no time"),
            ("-1s", "`-1s` is no time"),
            ("10", "`10` has no unit"),
            ("10 sec", "`sec` is no unit of time"),
            ("1.5s", "`.5s` is no unit of time"),
            ("10S", "`S` is no unit of time"),
            ("25d", "`25d` is longer than PostgreSQL takes: at most 2147483647 ms"),
            (
                "99999999999999999999s",
                "`99999999999999999999s` is longer than PostgreSQL takes: at most 2147483647 ms",
            ),
        ] {
            assert_eq!(time_of(text), Err(why.to_owned()));
        }
    }

    #[test]
    fn the_attributes_are_told() {
        let limits = Limits {
            lock_timeout: Some(Duration::from_secs(10)),
            statement_timeout: Some(Duration::ZERO),
            attempts: Some(1),
            ..Limits::NONE
        };
        let attributes = limits.attributes();
        assert_eq!(
            attributes,
            ["lock_timeout = \"10s\"", "statement_timeout = \"0\"", "attempts = 1"]
        );
    }
}
