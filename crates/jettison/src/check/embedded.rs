//! A Dockerfile inside of a Compose or Bake file: where its bytes stand in that file, so that findings name lines people can go to.

use jettison_model::Span;

/// Where each line of the inner text starts, and where that is in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Embedded {
    lines: Vec<(u32, u32)>,
    /// Stands for everything where the lines cannot be told apart.
    whole: Option<Span>,
}

impl Embedded {
    /// Looks for `inner` in `file` at or right behind the 1-based `line`: the same lines but for the blanks before them.
    pub(super) fn new(file: &str, inner: &str, line: u32) -> Self {
        let starts: Vec<usize> = std::iter::once(0).chain(file.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let given = (line as usize).saturating_sub(1);
        let found = (given..given + 3).find_map(|first| Self::at(file, &starts, inner, first));
        found.unwrap_or_else(|| {
            let start = starts.get(given).copied().unwrap_or(0);
            let end = starts.get(given + 1).copied().unwrap_or(file.len());
            Self { lines: Vec::new(), whole: Some(Span::new(start, end)) }
        })
    }

    fn at(file: &str, starts: &[usize], inner: &str, first: usize) -> Option<Self> {
        let mut lines = Vec::new();
        let mut inner_start = 0;
        for (number, text) in inner.split('\n').enumerate() {
            let rest = inner_start == inner.len() && number > 0;
            let start = match starts.get(first + number) {
                Some(start) => *start,
                None if rest => file.len(),
                None => return None,
            };
            let outer = file.get(start..)?.split('\n').next()?.trim_end_matches('\r');
            if !rest {
                let blanks = outer.strip_suffix(text.trim_end_matches('\r'))?;
                if !blanks.bytes().all(|byte| byte == b' ' || byte == b'\t') {
                    return None;
                }
                lines.push((inner_start as u32, (start + blanks.len()) as u32));
            }
            inner_start += text.len() + 1;
        }
        Some(Self { lines, whole: None })
    }

    /// The span in the file.
    pub(super) fn outer(&self, span: Span) -> Span {
        if let Some(whole) = self.whole {
            return whole;
        }
        let (start, end) = (self.map(span.start), self.map(span.end));
        Span { start, end: end.max(start) }
    }

    fn map(&self, at: u32) -> u32 {
        let line = self.lines.partition_point(|(inner, _)| *inner <= at).saturating_sub(1);
        self.lines.get(line).map_or(at, |(inner, outer)| outer + at.saturating_sub(*inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_inner_text_is_one_in_the_file() {
        let file = "build:\n  dockerfile_inline: |\n    FROM a\n    RUN b\n  target: x\n";
        let inner = "FROM a\nRUN b\n";
        let embedded = Embedded::new(file, inner, 2);
        let span = embedded.outer(Span::new(7, 12));
        assert_eq!(&file[span.range()], "RUN b");
    }

    #[test]
    fn what_is_written_otherwise_is_told_by_its_line() {
        let file = "a:\n  inline: \"FROM a\\nRUN b\\n\"\n";
        let span = Embedded::new(file, "FROM a\nRUN b\n", 2).outer(Span::new(7, 12));
        assert_eq!(&file[span.range()], "  inline: \"FROM a\\nRUN b\\n\"\n");
    }
}
