//! Dates, times and intervals (manual chapter "Date/Time Types").

/// Dates that are not ISO depend on a setting, and words such as `now` are
/// read once, when the migration runs.
pub(super) fn why_no_date(text: &str) -> Option<String> {
    match text.to_lowercase().as_str() {
        word @ ("now" | "today" | "tomorrow" | "yesterday" | "allballs") => {
            return Some(format!(
                "`{word}` is read once, when the migration runs; write `now()` or `current_date`"
            ));
        }
        "infinity" | "-infinity" | "epoch" => return None,
        _ => {}
    }
    let day = text.split([' ', 'T']).next().unwrap_or("");
    let parts: Vec<_> = day.split('-').collect();
    let numbers: Vec<u32> = parts.iter().filter_map(|part| part.parse().ok()).collect();
    let sound = parts.len() == 3
        && parts[0].len() >= 4
        && numbers.len() == 3
        && (1..=12).contains(&numbers[1])
        && (1..=days(numbers[0], numbers[1])).contains(&numbers[2]);
    if !sound {
        return Some(
            "a date is written as in `2026-01-31`; other forms depend on settings".to_owned(),
        );
    }
    let time = text[day.len()..].trim_start_matches([' ', 'T']);
    let is_era = ["ad", "bc"].iter().any(|era| time.eq_ignore_ascii_case(era));
    if time.is_empty() || is_era || is_time(time) { None } else { Some(no_time()) }
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A time, with or without its zone.
pub(super) fn why_no_time(text: &str) -> Option<String> {
    match text.to_lowercase().as_str() {
        "now" => Some(
            "`now` is read once, when the migration runs; write `localtime` or `current_time`"
                .to_owned(),
        ),
        "allballs" => None,
        _ => (!is_time(text)).then(no_time),
    }
}

fn no_time() -> String {
    "a time is written as in `10:30:00`".to_owned()
}

/// Hours, minutes and perhaps seconds in their ranges. Of what follows, a zone
/// or a half of the day, nothing is said; other forms begin with a digit.
fn is_time(text: &str) -> bool {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.');
    let clock = &text[..end.unwrap_or(text.len())];
    let parts: Vec<_> = clock.split(':').collect();
    if parts.len() < 2 {
        return clock.starts_with(|c: char| c.is_ascii_digit());
    }
    let most = [24.0, 59.0, 60.0];
    let in_range = |(part, most): (&&str, &f64)| {
        part.parse::<f64>().is_ok_and(|number| (0.0..=*most).contains(&number))
    };
    parts.len() <= 3 && parts.iter().zip(&most).all(in_range)
}

/// The words of an interval; each may be shortened to those after it.
#[rustfmt::skip]
const UNITS: &[&str] = &[
    "microseconds", "microsecond", "microsecon", "us", "usec", "usecs", "useconds", "usecond",
    "milliseconds", "millisecond", "millisecon", "ms", "msec", "msecs", "mseconds", "msecond",
    "seconds", "second", "s", "sec", "secs", "minutes", "minute", "m", "min", "mins",
    "hours", "hour", "h", "hr", "hrs", "days", "day", "d", "weeks", "week", "w",
    "months", "month", "mon", "mons", "years", "year", "y", "yr", "yrs",
    "decades", "decade", "dec", "decs", "centuries", "century", "c", "cent",
    "millennia", "millennium", "mil", "mils", "quarter", "qtr", "timezone", "timezone_h",
    "timezone_m", "ago", "infinity", "epoch", "at",
];

/// Numbers with units, a clock, or the form of ISO 8601.
pub(super) fn is_interval(text: &str) -> bool {
    if let Some(iso) = text.strip_prefix(['P', 'p']) {
        return !iso.is_empty()
            && iso.chars().all(|c| c.is_ascii_digit() || "YMWDTHSymwdths.,:+-".contains(c));
    }
    let is_known = |word: &str| UNITS.contains(&word.to_lowercase().as_str());
    let mut words = text.split(|c: char| !c.is_alphabetic() && c != '_');
    let has_value = text.contains(|c: char| c.is_ascii_digit())
        || text.trim_start_matches(['-', '+']).eq_ignore_ascii_case("infinity");
    has_value && words.all(|word| word.is_empty() || is_known(word))
}
