//! Budgets of `jettison analyze --ci`: what was asked of an image, what it is, and whether that holds.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One thing that was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Budget {
    /// `max-size`, `max-wasted`, `min-efficiency`, `layer-budget`; dive's rules under their own names.
    pub rule: String,
    /// Who asked: an option, a file, or `default`.
    pub from: String,
    /// Whether it holds.
    pub status: BudgetStatus,
    /// What was asked, as people read it: `≤ 200.0 MB`.
    pub limit: String,
    /// What is, as people read it.
    pub actual: String,
    /// Why it could not be decided, or what else to know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Whether a budget holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BudgetStatus {
    /// It does.
    Passed,
    /// It does not.
    Failed,
    /// Switched off.
    Disabled,
}
