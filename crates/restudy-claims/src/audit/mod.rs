//! The audit: every claim against the paper's other claims.
//!
//! A claim is *impossible* only by proof: no values that print as the paper's other numbers, under either rounding
//! rule and under any variant of the methods that the paper says it used, give the number that is printed. Where the
//! paper does not say what it did, a mismatch proves nothing, and the claim is *not recomputable*.
//!
//! What the paper did is inferred, not assumed: every candidate is tried on every claim that bears on the question,
//! and the finding names those that explain all of them and, for each of the others, the claims that exclude it.

mod accuracy;
mod adjusted;
mod categorical;
mod combine;
mod constraints;
mod contrasts;
mod correlations;
mod desk;
mod grid;
mod inference;
mod models;
mod moments;
mod range;
mod repair;
mod say;
mod score_table;
mod scores;
mod sizes;
mod statements;
mod survival;
mod table;

use restudy_ledger::Audit;

use crate::record::Record;

impl Record {
    /// Holds every claim against the others.
    ///
    /// The same record gives the same audit, byte for byte.
    #[must_use]
    pub fn audit(&self) -> Audit {
        let mut desk = desk::Desk::new(self);
        self.judge(&mut desk);
        constraints::audit(&mut desk);
        repair::audit(&mut desk);
        desk.finish()
    }

    /// Whether nothing in the record conflicts, rule by rule.
    pub(crate) fn is_quiet(&self) -> bool {
        let mut desk = desk::Desk::new(self);
        self.judge(&mut desk);
        desk.conflict_count() == 0
    }

    fn judge(&self, desk: &mut desk::Desk<'_>) {
        sizes::audit(desk);
        for table in &self.tables {
            table::audit(desk, table);
        }
        for (index, table) in self.score_tables.iter().enumerate() {
            score_table::audit(desk, index, table);
        }
        for accuracy in &self.accuracies {
            accuracy::audit(desk, accuracy);
        }
        statements::audit(desk);
        scores::audit(desk);
        survival::audit(desk);
        correlations::audit(desk);
        contrasts::audit(desk);
        models::audit(desk);
    }
}
