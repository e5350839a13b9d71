//! What became of patients before the table.

use restudy_cohort::Cohort;
use restudy_ledger::FlowStep;

use crate::error::StudyError;
use crate::file::Study;

/// The steps before the table; the last leaves as many patients as the table has rows.
pub(crate) fn resolve(study: &Study, cohort: &Cohort) -> Result<Vec<FlowStep>, StudyError> {
    let Some(flow) = &study.file.flow else { return Ok(Vec::new()) };
    let mut steps: Vec<FlowStep> = Vec::new();
    for entry in &flow.before {
        let (span, label) = (entry.span(), entry.get_ref().label.clone());
        let before = steps.last().map(|step| step.after);
        let step = match (before, entry.get_ref().patients, entry.get_ref().excluded) {
            (None, Some(patients), None) => {
                FlowStep { label, before: patients, dropped: 0, undetermined: 0, after: patients, start: true }
            }
            (Some(before), None, Some(dropped)) if dropped <= before => {
                FlowStep { label, before, dropped, undetermined: 0, after: before - dropped, start: false }
            }
            (Some(before), None, Some(dropped)) => {
                let message = format!("the step \"{label}\" excludes {dropped} of {before} patients");
                return Err(study.error(&span, message, None));
            }
            (None, ..) => {
                let message =
                    format!("the first step \"{label}\" says how many `patients` there were, and nothing else");
                return Err(study.error(&span, message, Some("{ label = \"Screened\", patients = 274 }".to_owned())));
            }
            (Some(_), ..) => {
                let message = format!("the step \"{label}\" says how many it `excluded`, and nothing else");
                return Err(study.error(&span, message, Some("{ label = \"No scan\", excluded = 12 }".to_owned())));
            }
        };
        steps.push(step);
    }
    if let (Some(last), Some(entry)) = (steps.last(), flow.before.last())
        && last.after != cohort.rows_read()
    {
        let message = format!("the flow leaves {} patients, and the table has {} rows", last.after, cohort.rows_read());
        return Err(study.error(&entry.span(), message, Some("numbers excluded must add up".to_owned())));
    }
    Ok(steps)
}
