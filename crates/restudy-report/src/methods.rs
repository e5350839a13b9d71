//! The methods paragraph, as a statistician would write it: which tests, why, by which conventions and which software.
//! Every sentence follows from rows, conventions and analyses of the ledger.

use restudy_ledger::{Analysis, AnalysisKind, Context, Ledger, Row, Stat, SummaryKind};

use crate::analysis::{Reader, counted, sentence};
use crate::procedure::{full_name, without_keys};

/// The paragraphs, each a few sentences.
pub(crate) fn methods(ledger: &Ledger) -> Vec<String> {
    let paragraphs = [
        patients(ledger),
        description(ledger),
        comparison(ledger),
        pairs(ledger),
        models(ledger),
        survival(ledger),
        incidence(ledger),
        accuracy(ledger),
        validation(ledger),
        inference(ledger),
        software(ledger),
    ];
    paragraphs.into_iter().map(|sentences| sentences.join(" ")).filter(|text| !text.is_empty()).collect()
}

fn of_kind<'a>(ledger: &'a Ledger, kinds: &[AnalysisKind]) -> Vec<Reader<'a>> {
    let of = |analysis: &&Analysis| kinds.contains(&analysis.kind);
    ledger.analyses.iter().filter(of).filter_map(|analysis| Reader::new(ledger, &analysis.id)).collect()
}

/// The procedures behind the rows that are admitted, over several analyses, in words, each once.
fn procedures(readers: &[Reader<'_>], admits: impl Fn(&Row) -> bool) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for row in readers.iter().flat_map(Reader::answers).filter(|row| admits(row)) {
        if let Some(name) = row.procedure.as_deref().map(|key| in_sentence(full_name(key)))
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names
}

/// A name inside a sentence: its first letter small, unless it belongs to a person.
fn in_sentence(name: &str) -> String {
    let first = name.split([' ', '-', '–', '’']).next().unwrap_or_default();
    const PLAIN: [&str; 16] = [
        "One",
        "Exact",
        "Sign",
        "Two",
        "Partial",
        "Point",
        "Chi",
        "Likelihood",
        "Normal",
        "Analysis",
        "Linear",
        "Logistic",
        "Proportional",
        "Paired",
        "Maximally",
        "Calibration",
    ];
    if PLAIN.contains(&first) {
        let mut characters = name.chars();
        characters.next().map_or_else(String::new, |first| first.to_lowercase().chain(characters).collect())
    } else {
        name.to_owned()
    }
}

/// `a`, `a and b`, `a, b and c`
fn listed(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn patients(ledger: &Ledger) -> Vec<String> {
    let data = &ledger.data;
    let dropped: Vec<String> =
        ledger.flow.iter().map(|step| format!("{} ({} dropped)", step.label.trim(), step.dropped)).collect();
    let of = format!("Of {} in the data, {} analysed", counted(data.rows, "row", "rows"), data.rows_kept);
    match dropped.is_empty() {
        true => vec![format!("{of}.")],
        false => vec![format!("{of}, after these steps: {}.", dropped.join("; "))],
    }
}

fn description(ledger: &Ledger) -> Vec<String> {
    let readers = of_kind(ledger, &[AnalysisKind::Comparison]);
    let lines =
        |kind| readers.iter().flat_map(|reader| &reader.analysis.rows).filter(|line| line.summary == kind).count();
    let (means, medians) = (lines(SummaryKind::MeanSd), lines(SummaryKind::MedianQuartiles));
    let counts = lines(SummaryKind::Count) + lines(SummaryKind::Counts);
    let mut sentences = Vec::new();
    let mut parts = Vec::new();
    if means > 0 {
        parts.push("mean and standard deviation".to_owned());
    }
    if medians > 0 {
        let rule = readers.iter().find_map(Reader::quartile_rule).map(|rule| format!(" by {rule}")).unwrap_or_default();
        parts.push(format!("median and quartiles{rule}"));
    }
    if !parts.is_empty() {
        let rule = match ledger.convention("continuous-summary") {
            Some("shapiro-wilk") => ", chosen by the Shapiro–Wilk test of normality in each group",
            _ => "",
        };
        sentences.push(format!("Quantities are described by {}{rule}.", parts.join(" or by ")));
    }
    if counts > 0 {
        let known = readers.iter().all(|reader| reader.analysis.denominator == "known");
        let of = if known { "of the patients with a known value" } else { "of all patients of a group" };
        sentences.push(format!("Categories are described by counts and percentages {of}."));
    }
    sentences
}

fn comparison(ledger: &Ledger) -> Vec<String> {
    let readers = of_kind(ledger, &[AnalysisKind::Comparison]);
    let tested = |row: &Row| row.context == Context::Test && row.stat == Stat::PValue && row.value.number().is_some();
    // Each test with how many rows it has, and the reason where it is the same in all of them.
    let mut tests: Vec<(&str, usize, Option<&str>)> = Vec::new();
    for row in readers.iter().flat_map(Reader::answers).filter(|row| tested(row)) {
        let Some(key) = row.procedure.as_deref() else { continue };
        match tests.iter_mut().find(|(known, ..)| *known == key) {
            Some((_, rows, why)) => {
                *rows += 1;
                *why = why.filter(|why| Some(*why) == row.why.as_deref());
            }
            None => tests.push((key, 1, row.why.as_deref())),
        }
    }
    if tests.is_empty() {
        return Vec::new();
    }
    let parts: Vec<String> = tests
        .iter()
        .map(|(key, rows, why)| {
            let why = why.map(|why| format!(": {}", without_keys(why))).unwrap_or_default();
            format!("{} ({}{why})", in_sentence(full_name(key)), counted(*rows, "row", "rows"))
        })
        .collect();
    let mut sentences = vec![format!("Groups were compared by {}.", listed(&parts))];
    let used = |start: &str| tests.iter().any(|(key, ..)| key.starts_with(start));
    if ledger.convention("count-test") == Some("chi-square-or-fisher") && used("fisher") && used("chi_square") {
        sentences.push(
            "Unordered categories were compared by Fisher’s exact test where an expected count was below 5, else by the \
             chi-square test."
                .to_owned(),
        );
    }
    sentences.extend(families(&readers));
    let untested = readers.iter().flat_map(Reader::answers);
    let untested = untested.filter(|row| row.stat == Stat::PValue && row.value.number().is_none()).count();
    if untested > 0 {
        let rows = counted(untested, "row has", "rows have");
        sentences
            .push(format!("{} no p-value, for the reason in its footnote.", sentence(&rows).trim_end_matches('.')));
    }
    sentences
}

/// The adjustments for several comparisons, each once.
fn families(readers: &[Reader<'_>]) -> Vec<String> {
    let mut sentences = Vec::new();
    for reader in readers {
        let Some(family) = &reader.analysis.family else { continue };
        let text = format!(
            "P-values of {} were adjusted together ({}) by the method of {}.",
            reader.analysis.title,
            family.size,
            full_name(&family.method)
        );
        if !sentences.contains(&text) {
            sentences.push(text);
        }
    }
    sentences
}

fn pairs(ledger: &Ledger) -> Vec<String> {
    let readers = of_kind(ledger, &[AnalysisKind::Correlation]);
    let names = procedures(&readers, |row| matches!(row.stat, Stat::R | Stat::PValue));
    if names.is_empty() {
        return Vec::new();
    }
    std::iter::once(format!("Pairs of variables were described by {}.", listed(&names)))
        .chain(families(&readers))
        .collect()
}

fn models(ledger: &Ledger) -> Vec<String> {
    let mut sentences = Vec::new();
    for (kind, name, ratio) in [
        (AnalysisKind::Logistic, "Logistic regression", Stat::OddsRatio),
        (AnalysisKind::Cox, "Proportional hazards (Cox) regression", Stat::HazardRatio),
    ] {
        let readers = of_kind(ledger, &[kind]);
        if readers.is_empty() {
            continue;
        }
        let outcomes: Vec<String> = readers
            .iter()
            .filter_map(|reader| {
                reader.analysis.outcome.as_ref().map(|outcome| reader.label(&outcome.variable).to_owned())
            })
            .fold(Vec::new(), |mut labels, label| {
                if !labels.contains(&label) {
                    labels.push(label);
                }
                labels
            });
        let mut models: Vec<&str> = Vec::new();
        for model in readers.iter().flat_map(|reader| &reader.analysis.models) {
            if !models.contains(&model.as_str()) {
                models.push(model);
            }
        }
        let models = if models.is_empty() { String::new() } else { format!(" ({} models)", models.join(" and ")) };
        let outcomes = if outcomes.is_empty() { String::new() } else { format!(" of {}", listed(&outcomes)) };
        sentences.push(format!("{name}{outcomes}{models} gives {}s.", ratio.label().to_lowercase()));
        let fits = procedures(&readers, |row| row.stat == ratio);
        if !fits.is_empty() {
            sentences.push(format!("Fitted by {}.", listed(&fits)));
        }
        let limits = procedures(&readers, |row| row.of == Some(ratio) && row.stat == Stat::ConfLow);
        let limits: Vec<String> = limits.into_iter().filter(|name| !fits.contains(name)).collect();
        if !limits.is_empty() {
            sentences.push(format!("Intervals by {}.", listed(&limits)));
        }
        let tests = procedures(&readers, |row| row.stat == Stat::PValue);
        let tests: Vec<String> = tests.into_iter().filter(|name| !fits.contains(name)).collect();
        if !tests.is_empty() {
            sentences.push(format!("P-values by {}.", listed(&tests)));
        }
        sentences.extend(readers.iter().flat_map(|reader| &reader.analysis.notes).map(|note| sentence(note)));
        sentences.extend(families(&readers));
    }
    sentences
}

fn survival(ledger: &Ledger) -> Vec<String> {
    let readers = of_kind(ledger, &[AnalysisKind::KaplanMeier]);
    if readers.is_empty() {
        return Vec::new();
    }
    let mut sentences = vec!["Survival was estimated by the method of Kaplan and Meier.".to_owned()];
    let tests = procedures(&readers, |row| row.stat == Stat::PValue);
    if !tests.is_empty() {
        sentences.push(format!("Curves were compared by {}.", listed(&tests)));
    }
    if readers.iter().any(|reader| reader.any(Stat::MedianFollowUp)) {
        sentences.push("Follow-up is the median of the reversed Kaplan–Meier curve.".to_owned());
    }
    sentences
}

fn incidence(ledger: &Ledger) -> Vec<String> {
    let readers = of_kind(ledger, &[AnalysisKind::CumulativeIncidence]);
    if readers.is_empty() {
        return Vec::new();
    }
    let mut sentences = vec![
        "Cumulative incidences, where kinds of event compete, were estimated by the method of Aalen and Johansen."
            .to_owned(),
    ];
    for reader in &readers {
        let event = reader.analysis.outcome.iter().map(|outcome| format!("event of interest: {}", outcome.level));
        let said: Vec<String> = event.chain(reader.analysis.notes.iter().cloned()).collect();
        sentences.push(sentence(&format!("{}: {}", reader.analysis.title.trim_end_matches('.'), said.join(", "))));
    }
    let tests = procedures(&readers, |row| row.stat == Stat::PValue);
    if !tests.is_empty() {
        sentences.push(format!("Groups were compared by {}, kind by kind.", listed(&tests)));
    }
    sentences
}

fn accuracy(ledger: &Ledger) -> Vec<String> {
    let kinds = [AnalysisKind::Roc, AnalysisKind::Score, AnalysisKind::ScoreTable];
    let readers = of_kind(ledger, &kinds);
    let mut sentences = Vec::new();
    for (stat, what) in [
        (Stat::Auc, "Areas under receiver operating characteristic curves, with their intervals, are by"),
        (Stat::Cutoff, "Cut-offs were chosen by"),
    ] {
        let names = procedures(&readers, |row| row.stat == stat);
        if !names.is_empty() {
            sentences.push(format!("{what} {}.", listed(&names)));
        }
    }
    sentences.extend(chosen_cutoffs(&readers));
    let proportions = [Stat::Sensitivity, Stat::Specificity, Stat::Ppv, Stat::Npv, Stat::Accuracy];
    let limits = |row: &Row| row.stat == Stat::ConfLow && row.of.is_some_and(|of| proportions.contains(&of));
    let intervals = procedures(&readers, limits);
    if !intervals.is_empty() {
        sentences.push(format!("Sensitivity, specificity and predictive values have {}.", listed(&intervals)));
    }
    let rounded = readers.iter().any(|reader| {
        reader
            .ledger
            .rows_of(&reader.analysis.id)
            .any(|row| row.context == Context::Alternative && row.stat == Stat::Cutoff)
    });
    if rounded {
        sentences.push("The score uses cut-offs rounded as its table says.".to_owned());
    }
    let scores = readers.iter().filter(|reader| reader.analysis.kind == AnalysisKind::Score);
    for note in scores.flat_map(|reader| &reader.analysis.notes).map(|note| sentence(note)) {
        if !sentences.contains(&note) {
            sentences.push(note);
        }
    }
    sentences
}

/// How a cut-off that was chosen on the patients is judged.
fn chosen_cutoffs(readers: &[Reader<'_>]) -> Option<String> {
    let by = |stat| procedures(readers, |row| row.stat == stat && row.of == Some(Stat::Cutoff));
    let (alone, counted) = (by(Stat::PValue), by(Stat::PAdjusted));
    (!counted.is_empty()).then(|| {
        format!(
            "A cut-off that was chosen on the patients has two P-values: that of its table by itself, by {}, and one that \
             counts the search among all cut-offs, by {}.",
            listed(&alone),
            listed(&counted)
        )
    })
}

fn validation(ledger: &Ledger) -> Vec<String> {
    let readers = of_kind(ledger, &[AnalysisKind::Validation]);
    let names = procedures(&readers, |row| {
        row.of != Some(Stat::Cutoff) && !matches!(row.stat, Stat::PValue | Stat::ConfLow | Stat::ConfHigh)
    });
    let mut sentences = Vec::new();
    if !names.is_empty() {
        // Procedures are several words each, some with commas.
        sentences.push(format!("Validation is by these: {}.", names.join("; ")));
    }
    sentences.extend(chosen_cutoffs(&readers));
    sentences.extend(readers.iter().flat_map(|reader| &reader.analysis.notes).map(|note| sentence(note)));
    sentences
}

fn inference(ledger: &Ledger) -> Vec<String> {
    let Some(reader) = ledger.analyses.first().and_then(|analysis| Reader::new(ledger, &analysis.id)) else {
        return Vec::new();
    };
    let mut thresholds: Vec<String> = Vec::new();
    for analysis in &ledger.analyses {
        let threshold = reader.style.threshold(analysis.alpha);
        if !thresholds.contains(&threshold) {
            thresholds.push(threshold);
        }
    }
    let p = format!("P-values are two-sided; the threshold of significance is {}", listed(&thresholds));
    let intervals = ledger.convention("confidence").map(|_| format!("; intervals are {}s", reader.confidence()));
    let mut sentences = vec![format!("{p}{}.", intervals.unwrap_or_default())];
    let imputed = ledger.rows.iter().any(|row| row.stat == Stat::MissingInformation);
    let but = if imputed { ", unless it was imputed" } else { "" };
    sentences
        .push(format!("A patient without a value is left out where that value is needed, and of nothing else{but}."));
    sentences.extend(ledger.seed.map(|seed| format!("Random numbers begin with the seed {seed}.")));
    sentences
}

fn software(ledger: &Ledger) -> Vec<String> {
    let mut presets: Vec<String> = Vec::new();
    for preset in ledger.conventions.iter().filter_map(|setting| setting.origin.strip_prefix("preset ")) {
        if !presets.iter().any(|known| known == preset) {
            presets.push(preset.to_owned());
        }
    }
    let own: Vec<String> = ledger
        .conventions
        .iter()
        .filter(|setting| setting.origin == "file")
        .map(|setting| format!("{} = {}", setting.key, setting.value))
        .collect();
    let mut text = format!("Analyses were carried out with {} {}", ledger.tool.name, ledger.tool.version);
    if !presets.is_empty() {
        text += &format!(", with the conventions of {}", listed(&presets));
    }
    if !own.is_empty() {
        text += &format!("{} the study’s own: {}", if presets.is_empty() { ", with" } else { " and" }, own.join(", "));
    }
    vec![format!("{text}.")]
}
