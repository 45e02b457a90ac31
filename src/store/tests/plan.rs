//! How SQLite answers the named questions.

use super::*;
use crate::store::query;

fn plan(place: &Place, sql: &str) -> Vec<String> {
    let connection = place.attack();
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let count = statement.parameter_count();
    let nothing = rusqlite::params_from_iter(vec![rusqlite::types::Null; count]);
    let steps = statement.query_map(nothing, |row| row.get(3)).unwrap();
    steps.collect::<Result<_, _>>().unwrap()
}

#[test]
fn only_lists_go_through_a_table() {
    let place = Place::with_parties(1);
    assert!(query::ALL.len() > 40);
    for (name, sql) in query::ALL {
        let steps = plan(&place, sql);
        // What a part of the question found is gone through, no further than its limit.
        let found = |step: &str| step.contains("CONSTANT ROW") || step.contains("(subquery");
        let scans = |step: &&String| step.starts_with("SCAN") && !found(step);
        // The largest key of a table and its last row are found without going through it.
        let ends = ["SIZE", "LAST", "HEAD", "NEXT_TIME_STAMP"].contains(name);
        if !name.starts_with("LIST_") && !ends {
            assert_eq!(steps.iter().find(scans), None, "{name}: {steps:?}");
        }
        let sorts = |step: &&String| step.contains("TEMP B-TREE");
        // Those of one party or contract, which the question is about as a whole.
        let sorts_few =
            ["CONFLICTS_OF", "DERIVED_FROM_THOSE_UNDER", "PAYMENTS_UNDER", "WORKS_SIGNED_BY"];
        if !sorts_few.contains(name) {
            assert_eq!(steps.iter().find(sorts), None, "{name}: {steps:?}");
        }
    }
}

#[test]
fn the_plan_of_a_scan_is_seen_as_one() {
    let place = Place::with_parties(1);
    let steps = plan(&place, "SELECT entry FROM about WHERE entry = ?1");
    assert!(steps[0].starts_with("SCAN"), "{steps:?}");
}
