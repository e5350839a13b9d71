//! The keys that the blocks of all kinds of models have, and the plan that is made of them.
//!
//! A block names its own keys and gets the others by [`model_block!`]. serde could flatten a struct of them into the block,
//! but then an error would no longer know its line: it reads what it flattens twice, the second time without places.

use restudy_ledger::{AnalysisKind, Outcome};
use toml::Spanned;

use super::imputation::{self, MissingEntry};
use super::model::{ModelPlan, ScreenBy, Select};
use super::term::{self, TermEntry};
use crate::block::{Resolving, Within, did_you_mean};
use crate::error::{StudyError, nearest};
use crate::file::Adjustment;

/// Declares the block of a kind of model: its own keys, which stand after the title, and those of all kinds.
macro_rules! model_block {
    (
        $(#[doc = $doc:literal])+
        pub struct $name:ident { $($own:tt)* }
    ) => {
        $crate::describe::described! {
            $(#[doc = $doc])+
            pub struct $name {
                /// The block's name; every number of it carries it.
                pub id: toml::Spanned<String>,
                /// The title on the page.
                pub title: Option<String>,
                $($own)*
                /// The variable of which one level is the event.
                pub outcome: toml::Spanned<String>,
                /// The level that is the event; the second of two where nothing is said.
                pub event: Option<toml::Spanned<String>>,
                /// Patients that it is about: by the levels they have, or by an SQL condition.
                #[serde(default)]
                pub within: $crate::block::Within,
                /// The terms, in order.
                pub terms: Vec<$crate::blocks::term::TermEntry>,
                /// `false` to leave out the terms by themselves.
                pub univariable: Option<bool>,
                /// `false` to leave out the model of several.
                pub multivariable: Option<bool>,
                /// Terms with a p-value below this by themselves go on to the model of several; all of them where nothing is said.
                pub screen: Option<toml::Spanned<f64>>,
                /// By which p-value they go on.
                pub screen_by: Option<$crate::blocks::model::ScreenBy>,
                /// Which of the terms that go on make the model of several.
                pub select: Option<toml::Spanned<$crate::blocks::model::Select>>,
                /// In a stepwise selection, a term enters with a p-value below this; 0.05 where nothing is said.
                pub enter: Option<toml::Spanned<f64>>,
                /// In a stepwise selection, a term leaves with a p-value above this; 0.1 where nothing is said.
                pub remove: Option<toml::Spanned<f64>>,
                /// Terms that are in the model of several whatever their p-value.
                #[serde(default)]
                pub keep: Vec<toml::Spanned<String>>,
                /// How the p-values of the terms by themselves are adjusted.
                pub adjust: Option<toml::Spanned<$crate::file::Adjustment>>,
                /// What becomes of patients without a value of a term; they are left out where nothing is said.
                pub missing: Option<toml::Spanned<$crate::blocks::imputation::MissingEntry>>,
            }
        }

        impl $name {
            fn keys(&self) -> $crate::blocks::model_block::ModelKeys<'_> {
                $crate::blocks::model_block::ModelKeys {
                    id: &self.id,
                    title: self.title.as_deref(),
                    within: &self.within,
                    terms: &self.terms,
                    univariable: self.univariable,
                    multivariable: self.multivariable,
                    screen: self.screen.as_ref(),
                    screen_by: self.screen_by,
                    select: self.select.as_ref(),
                    enter: self.enter.as_ref(),
                    remove: self.remove.as_ref(),
                    keep: &self.keep,
                    adjust: self.adjust.as_ref(),
                    missing: self.missing.as_ref(),
                }
            }
        }
    };
}

pub(super) use model_block;

/// What all kinds of models are told, but for the event.
pub(super) struct ModelKeys<'a> {
    pub(super) id: &'a Spanned<String>,
    pub(super) title: Option<&'a str>,
    pub(super) within: &'a Within,
    pub(super) terms: &'a [TermEntry],
    pub(super) univariable: Option<bool>,
    pub(super) multivariable: Option<bool>,
    pub(super) screen: Option<&'a Spanned<f64>>,
    pub(super) screen_by: Option<ScreenBy>,
    pub(super) select: Option<&'a Spanned<Select>>,
    pub(super) enter: Option<&'a Spanned<f64>>,
    pub(super) remove: Option<&'a Spanned<f64>>,
    pub(super) keep: &'a [Spanned<String>],
    pub(super) adjust: Option<&'a Spanned<Adjustment>>,
    pub(super) missing: Option<&'a Spanned<MissingEntry>>,
}

impl ModelKeys<'_> {
    /// The plan of a model of this outcome; `title` is what its table is called where the file gives no title.
    pub(super) fn plan(
        &self,
        resolving: &Resolving<'_>,
        kind: AnalysisKind,
        outcome: Outcome,
        title: &str,
    ) -> Result<ModelPlan, StudyError> {
        let taken: Vec<&str> = std::iter::once(outcome.variable.as_str()).chain(outcome.time.as_deref()).collect();
        let mut plan = ModelPlan {
            id: self.id.get_ref().clone(),
            title: self.title.unwrap_or(title).to_owned(),
            kind,
            within: resolving.within(self.within)?,
            terms: term::resolve(resolving, self.terms, &taken, self.id)?,
            univariable: self.univariable.unwrap_or(true),
            multivariable: self.multivariable.unwrap_or(true),
            screen: probability(resolving, "screen", self.screen)?
                .map(|below| (below, self.screen_by.unwrap_or(ScreenBy::P))),
            select: self.select.map_or(Select::All, |select| *select.get_ref()),
            enter: probability(resolving, "enter", self.enter)?.unwrap_or(0.05),
            remove: probability(resolving, "remove", self.remove)?.unwrap_or(0.1),
            keep: self.keep.iter().map(|name| name.get_ref().clone()).collect(),
            adjust: self.adjust.map(|method| *method.get_ref()),
            outcome,
            imputation: None,
        };
        plan.imputation = imputation::resolve(resolving, self.missing, &plan)?;
        self.check(resolving, &plan)?;
        Ok(plan)
    }

    /// Refuses a kept term that is not among the terms, and an adjusted screen without an adjustment.
    fn check(&self, resolving: &Resolving<'_>, plan: &ModelPlan) -> Result<(), StudyError> {
        for name in self.keep {
            if !plan.terms.iter().any(|term| term.variable == *name.get_ref()) {
                let known = plan.terms.iter().map(|term| term.variable.as_str());
                let hint = did_you_mean(nearest(name.get_ref(), known));
                let message = format!("`{}` is not a term of this model", name.get_ref());
                return Err(resolving.error(&name.span(), message, hint));
            }
        }
        match (self.screen, plan.screen) {
            (Some(screen), Some((_, ScreenBy::AdjustedP))) if plan.adjust.is_none() => {
                let message = "a screen by adjusted p needs `adjust`";
                Err(resolving.error(&screen.span(), message, Some("adjust = \"benjamini-hochberg\"".to_owned())))
            }
            _ => Ok(()),
        }
    }
}

/// Refuses a threshold that is no probability.
pub(super) fn probability(
    resolving: &Resolving<'_>,
    key: &str,
    written: Option<&Spanned<f64>>,
) -> Result<Option<f64>, StudyError> {
    match written {
        Some(value) if !(*value.get_ref() > 0.0 && *value.get_ref() <= 1.0) => {
            let message = format!("`{key}` is a p-value: a number above 0, at most 1");
            Err(resolving.error(&value.span(), message, Some(format!("{key} = 0.05"))))
        }
        written => Ok(written.map(|value| *value.get_ref())),
    }
}
