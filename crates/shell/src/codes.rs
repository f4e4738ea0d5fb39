//! Which rules of the linter are asked, and what ShellCheck calls them. Left out is what makes no sense in a script without a file
//! of its own, and what was found more often than by ShellCheck on the scripts of public Dockerfiles (bench/check/README.md).

use shuck_linter::{Rule, code_to_rule};

/// The linter's code and ShellCheck's number, in the order of the latter.
const CODES: [(&str, u16); 139] = [
    ("S023", 1001),
    ("S024", 1003),
    ("C024", 1007),
    ("C027", 1010),
    ("S040", 1012),
    ("C025", 1037),
    ("S074", 1045),
    ("C038", 1075),
    ("S029", 1083),
    ("S077", 1087),
    ("C072", 1110),
    ("S044", 2001),
    ("P001", 2003),
    ("S045", 2004),
    ("S009", 2005),
    ("S005", 2006),
    ("S012", 2009),
    ("S013", 2010),
    ("S046", 2011),
    ("S047", 2012),
    ("C011", 2013),
    ("C010", 2015),
    ("C005", 2016),
    ("X028", 2018),
    ("X029", 2019),
    ("S049", 2021),
    ("C015", 2024),
    ("S050", 2026),
    ("S070", 2027),
    ("X030", 2028),
    ("C001", 2034),
    ("C012", 2035),
    ("C007", 2038),
    ("S020", 2043),
    ("C013", 2044),
    ("S003", 2045),
    ("S004", 2046),
    ("S014", 2048),
    ("C017", 2050),
    ("C081", 2053),
    ("S007", 2059),
    ("S051", 2060),
    ("C083", 2061),
    ("C084", 2062),
    ("S067", 2063),
    ("C008", 2064),
    ("S008", 2068),
    ("C085", 2069),
    ("S052", 2070),
    ("C086", 2071),
    ("C009", 2076),
    ("C020", 2078),
    ("S001", 2086),
    ("C091", 2088),
    ("C130", 2089),
    ("C131", 2090),
    ("C092", 2091),
    ("C094", 2094),
    ("S071", 2097),
    ("C132", 2098),
    ("C095", 2100),
    ("C096", 2102),
    ("C018", 2105),
    ("K001", 2115),
    ("S016", 2116),
    ("S054", 2117),
    ("S055", 2125),
    ("P002", 2126),
    ("C100", 2128),
    ("S075", 2129),
    ("S076", 2140),
    ("S019", 2143),
    ("C102", 2144),
    ("S021", 2145),
    ("C103", 2146),
    ("C006", 2154),
    ("S010", 2155),
    ("K004", 2156),
    ("C019", 2157),
    ("S002", 2162),
    ("C105", 2163),
    ("C004", 2164),
    ("S011", 2166),
    ("C014", 2168),
    ("C107", 2181),
    ("S059", 2186),
    ("C021", 2194),
    ("S060", 2196),
    ("S061", 2197),
    ("C111", 2198),
    ("C112", 2199),
    ("S017", 2206),
    ("S018", 2207),
    ("C043", 2210),
    ("C044", 2211),
    ("C022", 2212),
    ("C045", 2215),
    ("C128", 2221),
    ("C129", 2222),
    ("S062", 2223),
    ("C114", 2231),
    ("P004", 2235),
    ("C047", 2242),
    ("C049", 2252),
    ("C048", 2254),
    ("C051", 2261),
    ("S064", 2267),
    ("S065", 2268),
    ("S037", 2291),
    ("K003", 2294),
    ("C055", 2295),
    ("C120", 2308),
    ("C124", 2317),
    ("C056", 2319),
    ("X006", 3001),
    ("X007", 3003),
    ("X056", 3005),
    ("X008", 3006),
    ("X010", 3009),
    ("X001", 3010),
    ("X011", 3011),
    ("X002", 3014),
    ("X059", 3015),
    ("X062", 3018),
    ("X012", 3020),
    ("X045", 3024),
    ("X013", 3030),
    ("X027", 3037),
    ("X021", 3040),
    ("X003", 3043),
    ("X016", 3044),
    ("X022", 3045),
    ("X031", 3046),
    ("X017", 3047),
    ("X018", 3053),
    ("X019", 3054),
    ("X023", 3057),
    ("X024", 3059),
    ("X025", 3060),
];

/// ShellCheck's number for a script that cannot be read.
pub(crate) const UNREAD: u16 = 1072;

/// The rules that are asked.
pub(crate) fn rules() -> impl Iterator<Item = Rule> {
    CODES.iter().filter_map(|(code, _)| code_to_rule(code))
}

/// ShellCheck's number of a rule, if it is one of ours.
pub(crate) fn of_rule(code: &str) -> Option<u16> {
    CODES.iter().find(|(known, _)| *known == code).map(|(_, number)| *number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_a_rule_of_the_linter_and_stands_once() {
        for (code, number) in CODES {
            assert_eq!(code_to_rule(code).map(Rule::code), Some(code), "SC{number}");
        }
        assert!(CODES.windows(2).all(|pair| pair[0].1 < pair[1].1));
    }
}
