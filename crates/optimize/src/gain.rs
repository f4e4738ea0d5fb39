//! What may be called an improvement. Bytes, counts and names only: seconds are reported, never decided upon.

use crate::Measurements;

/// One way in which the result is better than the original.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gain {
    /// Fewer bytes in the layers' tar streams.
    Unpacked,
    /// Fewer steps executed in the warm rebuild.
    WarmSteps,
    /// Fewer bytes sent as context.
    Context,
    /// Not root any more.
    User,
    /// Fewer secrets in the layers.
    Secrets,
}

/// Everything that `after` is better at. If it is empty the result is no improvement, whatever else changed; a larger image
/// counts as one only for the sake of something named here.
pub fn gains(before: &Measurements, after: &Measurements) -> Vec<Gain> {
    let fewer_steps = before.warm_executed.zip(after.warm_executed).is_some_and(|(before, after)| after < before);
    [
        (Gain::Unpacked, after.sizes.unpacked < before.sizes.unpacked),
        (Gain::WarmSteps, fewer_steps),
        (Gain::Context, after.context_bytes < before.context_bytes),
        (Gain::User, is_root(&before.user) && !is_root(&after.user)),
        (Gain::Secrets, after.secrets.len() < before.secrets.len()),
    ]
    .into_iter()
    .filter_map(|(gain, holds)| holds.then_some(gain))
    .collect()
}

/// Whether a config's `User` means root: nothing, `root` or uid 0, with any group.
fn is_root(user: &str) -> bool {
    let name = user.split(':').next().unwrap_or_default();
    name.is_empty() || name == "root" || name.parse() == Ok(0_u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(unpacked: u64, user: &str) -> Measurements {
        let mut side = Measurements { user: user.to_owned(), warm_executed: Some(5), ..Measurements::default() };
        side.sizes.unpacked = unpacked;
        side
    }

    #[test]
    fn a_larger_image_is_an_improvement_only_for_a_named_gain() {
        assert_eq!(gains(&side(100, ""), &side(101, "")), []);
        assert_eq!(gains(&side(100, ""), &side(101, "app")), [Gain::User]);
        assert_eq!(gains(&side(100, ""), &side(101, "0:1000")), [], "uid 0 is root");
        assert_eq!(gains(&side(100, "app"), &side(100, "nobody")), []);
        let fewer = Measurements { warm_executed: Some(2), ..side(101, "") };
        assert_eq!(gains(&side(100, ""), &fewer), [Gain::WarmSteps]);
    }

    #[test]
    fn seconds_are_no_gain() {
        let slow = Measurements { cold_build_seconds: Some(90.0), warm_build_seconds: Some(60.0), ..side(100, "") };
        let fast = Measurements { cold_build_seconds: Some(1.0), warm_build_seconds: Some(0.1), ..side(100, "") };
        assert_eq!(gains(&slow, &fast), []);
    }

    #[test]
    fn an_unknown_step_count_is_no_gain() {
        let unknown = Measurements { warm_executed: None, ..side(100, "") };
        assert_eq!(gains(&unknown, &side(100, "")), []);
        assert_eq!(gains(&side(100, ""), &unknown), []);
    }
}
