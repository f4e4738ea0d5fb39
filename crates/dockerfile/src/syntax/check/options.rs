//! Values of flags that BuildKit checks before any variable is expanded: HEALTHCHECK's times, RUN's mounts, networks,
//! security and devices. Reference: BuildKit `frontend/dockerfile/instructions/commands_run*.go`, Go's `time.ParseDuration`.

use std::num::IntErrorKind;

use super::super::{Flag, Keyword, csv};

/// What is wrong with the flag's value.
pub(super) fn check(keyword: Keyword, flag: &Flag) -> Result<(), String> {
    let Some(value) = flag.value.as_deref() else { return Ok(()) };
    match (keyword, flag.name.as_str()) {
        (Keyword::Healthcheck, "retries") => retries(value),
        (Keyword::Healthcheck, _) => interval(&flag.name, value),
        (Keyword::Run, "mount") => mount(value),
        (Keyword::Run, "device") => device(value),
        (Keyword::Run, "network") if !matches!(value, "default" | "none" | "host") => {
            Err(format!("invalid network mode {value:?}"))
        }
        (Keyword::Run, "security") if !matches!(value, "insecure" | "sandbox") => {
            Err(format!("security {value:?} is not valid"))
        }
        _ => Ok(()),
    }
}

fn retries(value: &str) -> Result<(), String> {
    match value.parse::<i32>() {
        _ if value.is_empty() => Ok(()),
        Ok(count) if count < 0 => Err(format!("--retries cannot be negative ({count})")),
        Ok(_) => Ok(()),
        Err(error) => {
            let overflows = matches!(error.kind(), IntErrorKind::PosOverflow | IntErrorKind::NegOverflow);
            let cause = if overflows { "value out of range" } else { "invalid syntax" };
            Err(format!("strconv.ParseInt: parsing {value:?}: {cause}"))
        }
    }
}

fn interval(name: &str, value: &str) -> Result<(), String> {
    if value.is_empty() {
        return Ok(());
    }
    let nanoseconds = duration(value).ok_or_else(|| format!("time: invalid duration {value:?}"))?;
    if nanoseconds != 0 && nanoseconds < 1_000_000 {
        return Err(format!("Interval {name:?} cannot be less than 1ms"));
    }
    Ok(())
}

/// Nanoseconds of `1h30m`, `1.5s`, …
fn duration(text: &str) -> Option<i64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if unsigned == "0" {
        return Some(0);
    }
    let mut rest = unsigned;
    let mut total: i64 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|symbol: char| !symbol.is_ascii_digit() && symbol != '.').unwrap_or(rest.len());
        let (number, behind) = rest.split_at(digits);
        let unit_end = behind.find(|symbol: char| symbol.is_ascii_digit() || symbol == '.').unwrap_or(behind.len());
        let (unit, behind) = behind.split_at(unit_end);
        total = total.checked_add(amount(number, unit_nanoseconds(unit)?)?)?;
        rest = behind;
    }
    let negative = text.starts_with('-');
    (!unsigned.is_empty()).then_some(if negative { -total } else { total })
}

fn amount(number: &str, unit: i64) -> Option<i64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
        return None;
    }
    let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    // More digits than this are below a nanosecond in any unit.
    let kept = &fraction[..fraction.len().min(15)];
    let part: i128 = if kept.is_empty() { 0 } else { kept.parse().ok()? };
    let part = part * i128::from(unit) / 10i128.pow(kept.len() as u32);
    whole.checked_mul(unit)?.checked_add(i64::try_from(part).ok()?)
}

fn unit_nanoseconds(unit: &str) -> Option<i64> {
    Some(match unit {
        "ns" => 1,
        "us" | "µs" | "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    })
}

/// Everything but `from` may hold variables and is only looked at when they are known.
fn mount(value: &str) -> Result<(), String> {
    for field in csv::fields(value).map_err(|cause| format!("failed to parse csv mounts: {cause}"))? {
        let Some((key, value)) = field.split_once('=') else { continue };
        let variable = value.find('$').is_some_and(|at| at + 1 != value.len());
        if key.eq_ignore_ascii_case("from") && variable {
            return Err("'from' doesn't support variable expansion, define alias stage instead".to_owned());
        }
    }
    Ok(())
}

fn device(value: &str) -> Result<(), String> {
    let mut named = false;
    for field in csv::fields(value).map_err(|cause| format!("failed to parse csv devices: {cause}"))? {
        let (key, value) = match field.split_once('=') {
            Some((key, value)) => (key.to_lowercase(), Some(value)),
            None => (field.to_lowercase(), None),
        };
        match (key.as_str(), value) {
            ("required", None) => {}
            ("required", Some(value)) if is_go_bool(value) => {}
            ("required", Some(value)) => return Err(format!("invalid value for required: {value}")),
            ("name", Some(_)) if named => return Err("device name already set".to_owned()),
            ("name", Some(_)) => named = true,
            (_, None) if named => return Err(format!("invalid field '{field}' must be a key=value pair")),
            (_, Some(_)) if named => return Err(format!("unexpected key '{key}' in '{field}'")),
            _ => named = !field.is_empty(),
        }
    }
    Ok(())
}

fn is_go_bool(value: &str) -> bool {
    const WORDS: [&str; 12] = ["1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"];
    WORDS.contains(&value)
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn reads_go_durations() {
        assert_eq!(duration("1h30m"), Some(5_400_000_000_000));
        assert_eq!(duration("1.5s"), Some(1_500_000_000));
        assert_eq!(duration(".5ms"), Some(500_000));
        assert_eq!(duration("-1s"), Some(-1_000_000_000));
        assert_eq!(duration("0"), Some(0));
        for bad in ["", "5", "s", "1x", "1.2.3s", ".s", "9999999999h", "-"] {
            assert_eq!(duration(bad), None, "{bad}");
        }
    }
}
