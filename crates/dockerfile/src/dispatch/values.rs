//! Values that the dispatcher looks into: ports, signals, file modes, sizes, numbers. References: BuildKit
//! `convert_expose.go`, moby's `signal`, dchapes' `mode`, docker's `go-units`.

use std::net::IpAddr;

/// What is wrong with one port of EXPOSE: `[[ip:]host:]port[-port][/protocol]`.
pub(super) fn port(raw: &str) -> Result<(), String> {
    let (ip, host, container) = port_parts(raw);
    let (port, protocol) = container.split_once('/').unwrap_or((container, ""));
    if port.is_empty() {
        return Err(format!("invalid port: {raw:?}: no port specified"));
    }
    if !matches!(protocol.to_lowercase().as_str(), "" | "tcp" | "udp" | "sctp") {
        return Err(format!("invalid port: {raw:?}: invalid proto: {protocol}"));
    }
    let address = ip.strip_prefix('[').map_or(Some(ip), |rest| rest.strip_suffix(']'));
    if !ip.is_empty() && address.is_none_or(|address| address.parse::<IpAddr>().is_err()) {
        return Err(format!("invalid IP address: {ip}"));
    }
    let Some((start, end)) = port_range(port) else { return Err(format!("invalid containerPort: {port}")) };
    if host.is_empty() {
        return Ok(());
    }
    let Some((first, last)) = port_range(host) else { return Err(format!("invalid hostPort: {host}")) };
    if end - start != last - first && start != end {
        return Err(format!("invalid ranges specified for container and host Ports: {port} and {host}"));
    }
    Ok(())
}

/// Address, host port and container port with protocol.
fn port_parts(raw: &str) -> (&str, &str, &str) {
    let Some((before, container)) = raw.rsplit_once(':') else { return ("", "", raw) };
    let (ip, host) = before.rsplit_once(':').unwrap_or(("", before));
    (ip, host, container)
}

fn port_range(text: &str) -> Option<(u32, u32)> {
    let number = |text: &str| text.parse::<i64>().ok().and_then(|port| u16::try_from(port).ok()).map(u32::from);
    let (start, end) = text.split_once('-').map_or((text, text), |(start, end)| (start, end));
    let (start, end) = (number(start)?, number(end)?);
    (start <= end).then_some((start, end))
}

/// Whether STOPSIGNAL can be that: a number but 0, or a name of Linux with or without `SIG`.
pub(super) fn is_signal(text: &str) -> bool {
    const NAMES: [&str; 36] = [
        "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT", "KILL", "PIPE", "POLL",
        "PROF", "PWR", "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM", "TRAP", "TSTP", "TTIN", "TTOU", "URG", "USR1",
        "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ", "RTMIN", "RTMAX",
    ];
    if let Ok(number) = text.parse::<i64>() {
        return number != 0;
    }
    let upper = text.to_uppercase();
    let name = upper.strip_prefix("SIG").unwrap_or(&upper);
    let offset = |prefix: &str, most: u32| {
        let digits = name.strip_prefix(prefix).filter(|digits| !digits.starts_with('0'));
        digits.and_then(|digits| digits.parse().ok()).is_some_and(|offset: u32| (1..=most).contains(&offset))
    };
    NAMES.contains(&name) || offset("RTMIN+", 15) || offset("RTMAX-", 14)
}

/// What is wrong with a `--chmod`: an octal number or chmod's symbols.
pub(super) fn mode(text: &str) -> Result<(), String> {
    let not_octal = || format!("invalid chmod parameter: '{text}'. it should be octal string and between 0 and 07777");
    let is_number = text.starts_with(|first: char| first.is_ascii_digit());
    if is_number {
        let number = octal(text).filter(|mode| *mode <= 0o7777);
        return number.map(drop).ok_or_else(not_octal);
    }
    if is_symbolic_mode(text) { Ok(()) } else { Err("invalid syntax".to_owned()) }
}

/// An octal number of 32 bits.
pub(super) fn octal(text: &str) -> Option<u32> {
    let is_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_digits.then(|| u32::from_str_radix(text, 8).ok())?
}

/// `u+x,go=rX` and the like: clauses of whom, and operators with permissions.
fn is_symbolic_mode(text: &str) -> bool {
    text.split(',').all(|clause| {
        let mut actions = clause.trim_start_matches(['a', 'u', 'g', 'o']).split_inclusive(['+', '-', '=']);
        // The first piece is an operator alone; each later one ends in the next operator.
        if !actions.next().is_some_and(|first| matches!(first, "+" | "-" | "=")) {
            return false;
        }
        let permissions = |part: &str| part.chars().all(|symbol| "rstwXxugo".contains(symbol));
        actions.all(|action| permissions(action.strip_suffix(['+', '-', '=']).unwrap_or(action)))
    })
}

/// Whether a tmpfs mount's `size` can be that: a number with a unit of at most three letters (`64m`, `1GiB`).
pub(super) fn is_size(text: &str) -> bool {
    let Some(last) = text.rfind(|symbol: char| symbol.is_ascii_digit() || symbol == '.' || symbol == ' ') else {
        return false;
    };
    let (number, unit) = (&text[..=last], text[last + 1..].to_lowercase());
    let number = number.strip_suffix(' ').unwrap_or(number);
    let is_number = number.parse::<f64>().is_ok_and(|size| size >= 0.0 || size.is_nan());
    let unit_rest = unit.strip_prefix(['k', 'm', 'g', 't', 'p']);
    is_number && (matches!(unit.as_str(), "" | "b") || matches!(unit_rest, Some("" | "b" | "ib")))
}

/// A decimal number of 32 bits, without a sign.
pub(super) fn is_id(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u32>().is_ok()
}

/// What Go's `strconv.ParseBool` takes.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_have_numbers_ranges_and_protocols() {
        for good in
            ["80", "80/tcp", "80/UDP", "1-3/sctp", "8080:80", "1.2.3.4:1:2", "[::1]:80:80", "8000-8010:80", "::80"]
        {
            assert_eq!(port(good), Ok(()), "{good}");
        }
        for bad in ["", "x", "80/x", "/tcp", "65536", "3-1", "80:", "1-2:1-3", "a:1:2", "80-", "-1", "8 0"] {
            assert!(port(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn signals_are_names_or_numbers() {
        for good in ["9", "-1", "TERM", "sigterm", "SIGRTMIN+15", "RTMAX-1", "99"] {
            assert!(is_signal(good), "{good}");
        }
        for bad in ["", "0", "SIGFOO", "RTMIN+16", "RTMAX-15", "RTMIN+01", "SIGSIGTERM", "TERM "] {
            assert!(!is_signal(bad), "{bad}");
        }
    }

    #[test]
    fn modes_are_octal_or_symbolic() {
        for good in ["755", "07777", "0", "u+x", "+x", "a=rX", "u=rwx,go=rx", "go-u", "u+r-w", "=", "u=g=o"] {
            assert_eq!(mode(good), Ok(()), "{good}");
        }
        for bad in ["10000", "8", "77x", "x", "u", "u+z", "u+x,", ",u+x", "+755", "u+x g", "-"] {
            assert_eq!(mode(bad).is_ok(), bad == "-", "{bad}");
        }
    }

    #[test]
    fn sizes_have_a_unit_or_none() {
        for good in ["1", "64m", "1.5GiB", "10 kb", "3B", "1e3"] {
            assert!(is_size(good), "{good}");
        }
        for bad in ["", "m", "1x", "1kbb", "-1", "1mib ", "1bb"] {
            assert!(!is_size(bad), "{bad}");
        }
    }
}
