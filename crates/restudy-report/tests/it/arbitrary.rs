//! Ledgers and audits of any content: every word hostile, every number possible, nothing matching.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use restudy_ledger::{
    Analysis, AnalysisKind, Audit, Bound, Claim, Conflict, Context, Data, Derived, Excluded, Family, Finding, FlowStep,
    Group, Item, Ledger, LeftOut, Marker, Outcome, Paper, Row, SCHEMA, Setting, Stat, Study, SummaryKind, TableRow,
    Term, Tool, Value, Variable, VariableKind, Verdict,
};

/// Words from a small pool, so that rows meet their lines, among them some that break formats.
pub(crate) fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(vec!["a", "b", "yes", "student_t", "known", "ama", "half-even", "fisher_exact/no_likelier"])
            .prop_map(str::to_owned),
        1 => select(vec![
            "",
            "<script>alert(1)</script>",
            "</style><b>",
            "a|b`c`*d*_e_[f](g)",
            "=1+1",
            "-cmd",
            "\"quoted\", and\nbroken",
            "\u{1b}[31mred",
            "\u{e000}",
            "日本語の長いラベル",
            "&amp; 'x'",
        ])
        .prop_map(str::to_owned),
        1 => any::<String>(),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<f64>().prop_map(Value::from),
        (0.0..1.0_f64).prop_map(Value::Number),
        (0_u32..50).prop_map(|count| Value::Number(f64::from(count))),
        Just(Value::Missing),
        Just(Value::Number(f64::INFINITY)),
        Just(Value::Number(f64::NAN)),
    ]
}

fn row() -> impl Strategy<Value = Row> {
    let contexts = [Context::Summary, Context::Missingness, Context::Test, Context::Alternative, Context::Adjustment];
    (
        (word(), select(contexts.to_vec()), word(), option::of(word()), option::of(word())),
        (select(Stat::ALL.to_vec()), value(), option::of(word()), option::of(word()), option::of(word())),
        vec(word(), 0..2),
        (
            option::of(word()),
            option::of(word()),
            option::of(prop_oneof![Just(90.0), any::<f64>()]),
            option::weighted(0.3, select(Stat::ALL.to_vec())),
        ),
    )
        .prop_map(
            |(
                (analysis, context, variable, level, group),
                (stat, value, reason, procedure, why),
                remarks,
                (with, model, time, of),
            )| Row {
                analysis,
                context,
                variable,
                level,
                group,
                with,
                model,
                time,
                of,
                stat,
                value,
                reason,
                procedure,
                why,
                remarks,
            },
        )
}

fn line() -> impl Strategy<Value = TableRow> {
    let kinds = [SummaryKind::MeanSd, SummaryKind::MedianQuartiles, SummaryKind::Counts, SummaryKind::Count];
    (word(), option::of(word()), select(kinds.to_vec()), option::of(word()))
        .prop_map(|(variable, heading, summary, level)| TableRow { variable, heading, summary, level })
}

fn family() -> impl Strategy<Value = Family> {
    let left_out = (word(), word()).prop_map(|(variable, reason)| LeftOut { variable, reason });
    (word(), 0_usize..9, vec(word(), 0..3), vec(left_out, 0..3)).prop_map(|(method, size, members, left_out)| Family {
        method,
        size,
        members,
        left_out,
    })
}

type Asked = (AnalysisKind, Option<Outcome>, Vec<String>, Vec<Term>, Vec<Marker>, Vec<Item>, Vec<String>);

/// What an analysis that is no comparison asks for.
fn asked() -> impl Strategy<Value = Asked> {
    use AnalysisKind::{
        Comparison, Correlation, Cox, CumulativeIncidence, KaplanMeier, Logistic, Roc, Score, ScoreTable, Validation,
    };
    let kinds = vec![
        Comparison,
        Correlation,
        Cox,
        KaplanMeier,
        CumulativeIncidence,
        Logistic,
        Roc,
        Score,
        ScoreTable,
        Validation,
    ];
    let outcome =
        (word(), word(), option::of(word())).prop_map(|(variable, level, time)| Outcome { variable, level, time });
    let term = (word(), option::of(word()), option::of(word()), option::of(any::<f64>()))
        .prop_map(|(variable, level, reference, per)| Term { variable, level, reference, per });
    let marker = (word(), word()).prop_map(|(variable, operator)| Marker { variable, operator });
    let item = (word(), word(), option::of(any::<f64>()), option::of(word()), any::<f64>())
        .prop_map(|(variable, operator, cutoff, level, points)| Item { variable, operator, cutoff, level, points });
    (
        select(kinds),
        option::of(outcome),
        vec(word(), 0..3),
        vec(term, 0..4),
        vec(marker, 0..3),
        vec(item, 0..3),
        vec(word(), 0..2),
    )
}

fn analysis() -> impl Strategy<Value = Analysis> {
    let group = (word(), 0_usize..50).prop_map(|(label, n)| Group { label, n });
    (
        (word(), word(), option::of(word()), vec(group, 0..4), 0_usize..3, any::<bool>()),
        (vec(line(), 0..6), word(), prop_oneof![Just(0.05), any::<f64>()], option::of(family())),
        asked(),
    )
        .prop_map(|((id, title, by, groups, ungrouped, overall), (rows, denominator, alpha, family), asked)| {
            Analysis {
                by,
                groups,
                ungrouped,
                overall,
                rows,
                denominator,
                alpha,
                family,
                outcome: asked.1,
                models: asked.2,
                terms: asked.3,
                markers: asked.4,
                items: asked.5,
                notes: asked.6,
                ..Analysis::new(&id, asked.0, &title)
            }
        })
}

fn variable() -> impl Strategy<Value = Variable> {
    (word(), word(), option::of(word()), vec(word(), 0..3), option::of(any::<u8>())).prop_map(
        |(name, label, unit, levels, decimals)| Variable {
            name,
            label,
            unit,
            kind: VariableKind::Continuous,
            levels,
            decimals,
        },
    )
}

/// Any ledger at all.
pub(crate) fn ledger() -> impl Strategy<Value = Ledger> {
    let study = (word(), word(), option::of(word()), any::<bool>(), word())
        .prop_map(|(id, title, source, synthetic, style)| Study { id, title, source, synthetic, style });
    let data = (word(), word(), 0_usize..60, 0_usize..60).prop_map(|(file, sha256, rows, rows_kept)| Data {
        file,
        sha256,
        rows,
        columns: 3,
        rows_kept,
    });
    let setting = (prop_oneof![word(), Just("rounding".to_owned()), Just("confidence".to_owned())], word(), word())
        .prop_map(|(key, value, origin)| Setting { key, value, origin });
    let step = (word(), 0_usize..9, 0_usize..9).prop_map(|(label, dropped, undetermined)| FlowStep {
        label,
        before: 9,
        dropped,
        undetermined,
        after: 9 - dropped,
        start: false,
    });
    (
        (study, data, vec(setting, 0..3), option::of(any::<u64>())),
        (vec(step, 0..3), vec(variable(), 0..4), vec(analysis(), 0..3), vec(row(), 0..60)),
    )
        .prop_map(|((study, data, conventions, seed), (flow, variables, analyses, rows))| Ledger {
            schema: SCHEMA.to_owned(),
            tool: Tool { name: "restudy".to_owned(), version: "0".to_owned() },
            study,
            data,
            conventions,
            seed,
            flow,
            variables,
            analyses,
            figures: Vec::new(),
            rows,
            series: Vec::new(),
        })
}

/// Any audit at all.
pub(crate) fn audit() -> impl Strategy<Value = Audit> {
    let verdicts = [Verdict::Reproduced, Verdict::Consistent, Verdict::Impossible, Verdict::NotRecomputable];
    let claim = (
        (word(), word(), word(), select(verdicts.to_vec())),
        (option::of(word()), option::of(any::<f64>()), option::of(any::<f64>()), word()),
    )
        .prop_map(|((id, place, printed, verdict), (recomputed, low, high, how))| Claim {
            id,
            place,
            kind: "p_value".to_owned(),
            printed,
            verdict,
            recomputed,
            low,
            high,
            how,
            uses: Vec::new(),
        });
    let excluded = (word(), 0_usize..9, vec(word(), 0..7)).prop_map(|(candidate, explained, by)| Excluded {
        candidate,
        explained,
        by,
    });
    let method = (word(), word(), vec(word(), 0..2), vec(word(), 0..2), vec(excluded, 0..3)).prop_map(
        |(question, finding, explained_by, explains, excludes)| Finding {
            question,
            finding,
            explained_by,
            explains,
            excludes,
        },
    );
    let conflict = (vec(word(), 0..4), word(), option::of(word())).prop_map(|(claims, sentence, repair)| Conflict {
        claims,
        sentence,
        repair,
    });
    let derived = (word(), word(), any::<f64>(), option::of(any::<f64>()), option::of(any::<f64>()), word()).prop_map(
        |(id, label, value, conf_low, conf_high, how)| Derived {
            id,
            label,
            value,
            bound: Bound::Exact,
            conf_low,
            conf_high,
            how,
        },
    );
    let paper = (word(), word(), word()).prop_map(|(id, title, citation)| Paper { id, title, citation });
    (paper, vec(claim, 0..9), vec(method, 0..3), vec(conflict, 0..3), vec(derived, 0..3))
        .prop_map(|(paper, claims, methods, conflicts, derived)| Audit { paper, claims, methods, conflicts, derived })
}
