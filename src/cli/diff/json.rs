//! The totals of a comparison, for tools and for `--fail-if`.

use super::{Overview, blame};
use crate::batch::Numbers;
use crate::cli::json::{number, value};
use crate::cli::table::exact_percent;
use crate::tools::diff::{ColumnDifference, DataChange, Mover, RowChange, RowChangeKind};

use serde_json::{Map, Value as Json, json};

/// What columns stand under whose names are those of totals.
const APART: &str = "columns";
/// The totals of a column whose names are values of the column.
pub(super) const BY_VALUE: [&str; 5] = ["before", "after", "moves", "because", "movers"];

/// Those of them that count rows by values.
pub(super) const COUNTS: [&str; 3] = ["before", "after", "moves"];

/// All that is known of a comparison: totals, then each column under its name.
pub(super) fn totals(overview: &Overview<'_>) -> Json {
    let difference = overview.difference;
    let mut totals = Map::new();
    totals.insert("old".to_owned(), overview.old.clone().into());
    totals.insert("new".to_owned(), overview.new.clone().into());
    totals.insert("is_new".to_owned(), overview.is_new.into());
    totals.insert("rows".to_owned(), difference.rows.into());
    totals.insert("changed".to_owned(), difference.changed.into());
    totals.insert("changed_percent".to_owned(), number(exact_percent(difference.changed, difference.rows)));
    totals.insert("removed_columns".to_owned(), overview.removed.clone().into());
    totals.insert("added_columns".to_owned(), overview.added.clone().into());
    totals.insert("changed_data".to_owned(), overview.data.iter().map(data_json).collect());
    // Columns with the name of a total stand apart.
    let is_total = |column: &&ColumnDifference| column.name == APART || totals.contains_key(&column.name);
    let (apart, own): (Vec<_>, Vec<_>) = difference.columns.iter().partition(is_total);
    let named = |column: &ColumnDifference| (column.name.clone(), column_json(column, difference.rows));
    totals.extend(own.into_iter().map(named));
    if !apart.is_empty() {
        totals.insert(APART.to_owned(), Json::Object(apart.into_iter().map(named).collect()));
    }
    Json::Object(totals)
}

fn data_json(data: &DataChange) -> Json {
    let row = |row: &RowChange| {
        let (change, cells) = match &row.kind {
            RowChangeKind::Added => ("added", &[][..]),
            RowChangeKind::Removed => ("removed", &[][..]),
            RowChangeKind::Changed(cells) => ("changed", &cells[..]),
        };
        let cells: Map<String, Json> = cells
            .iter()
            .map(|(name, before, after)| {
                (name.clone(), json!({ "before": value(before), "after": value(after) }))
            })
            .collect();
        json!({ "key": row.key, "change": change, "columns": cells, "moved": row.moved })
    };
    json!({
        "data": data.label,
        "changed": data.changed,
        "added": data.added,
        "removed": data.removed,
        "moved": data.moved,
        "rows": data.rows.iter().map(row).collect::<Vec<_>>(),
        "more": data.more,
    })
}

fn column_json(column: &ColumnDifference, rows: u64) -> Json {
    let mut before = Map::new();
    let mut after = Map::new();
    let mut moves: Map<String, Json> = Map::new();
    for ((from, to), count) in &column.moves {
        add(&mut before, from, *count);
        add(&mut after, to, *count);
        // A tier that lost all its rows, or had none, counts as 0 rather than as nothing.
        add(&mut after, from, 0);
        add(&mut before, to, 0);
        let row = moves.entry(from.clone()).or_insert_with(|| Json::Object(Map::new()));
        if let Json::Object(row) = row {
            row.insert(to.clone(), (*count).into());
        }
    }
    let because: Map<String, Json> = blame(column)
        .into_iter()
        .map(|(name, rows, points)| (name.to_owned(), json!({ "rows": rows, "points": number(points) })))
        .collect();
    json!({
        "changed": column.changed,
        "changed_percent": number(exact_percent(column.changed, rows)),
        "up": column.up,
        "down": column.down,
        "most_up": number(column.most_up),
        "most_down": number(column.most_down),
        "mean_before": mean(&column.before),
        "mean_after": mean(&column.after),
        "errors_before": column.errors.0,
        "errors_after": column.errors.1,
        "before": before,
        "after": after,
        "moves": moves,
        "because": because,
        "joint": column.joint,
        "movers": column.movers.iter().map(mover).collect::<Vec<_>>(),
    })
}

fn add(counts: &mut Map<String, Json>, name: &str, count: u64) {
    let before = counts.get(name).and_then(Json::as_u64).unwrap_or_default();
    counts.insert(name.to_owned(), (before + count).into());
}

fn mean(numbers: &Numbers) -> Option<Json> {
    (numbers.count() > 0).then(|| number(numbers.mean()))
}

fn mover(mover: &Mover) -> Json {
    let because: Map<String, Json> =
        mover.because.iter().map(|(name, by)| (name.clone(), number(*by))).collect();
    let others: Map<String, Json> = mover
        .others
        .iter()
        .map(|(name, before, after)| {
            (name.clone(), json!({ "before": value(before), "after": value(after) }))
        })
        .collect();
    json!({
        "row": mover.row,
        "lead": mover.label,
        "before": value(&mover.before),
        "after": value(&mover.after),
        "because": because,
        "others": others,
    })
}
