//! A batched update: ranges by primary key, each in a transaction with its
//! own progress, so that even `a = a + 1` happens once to every row.

use deepref_schema_core::ident::literal;

use super::connection::Reply;
use super::executor::{After, Executor, Stop};
use super::pace::{Pace, estimated_rows};
use super::script::{Role, Script};
use super::state::ProgressRow;
use super::work::{Work, WorkStep};
use crate::migration::Batches;

/// The text of each column of a key, in key order.
type Key = Vec<String>;

impl Executor<'_> {
    /// Updates range after range until no row is left, then records the
    /// segment.
    pub(super) async fn execute_batches(
        &mut self,
        work: &Work,
        number: usize,
        batches: Batches,
        interrupted: Option<&ProgressRow>,
    ) -> Result<(), Stop> {
        let steps = &work.segments[number].steps;
        self.log(steps);
        let mut low: Option<Key> = interrupted.and_then(|row| row.cursor.clone());
        self.must_see_standbys().await?;
        let (mut high, estimate) = self.first_range(work, number, &batches, low.as_ref()).await?;
        let mut pace = Pace::new(estimate);
        while let Some(end) = high {
            self.keep_pace(work, &pace).await?;
            let (changed, next) =
                self.execute_range(work, number, &batches, low.as_ref(), &end).await?;
            pace.advance(changed, batches.size);
            self.observer.emit(&pace.event(work));
            low = Some(end);
            high = next;
        }
        self.record(work, number).await
    }

    /// The end of the range after `low`, and how many rows there may be left.
    async fn first_range(
        &mut self,
        work: &Work,
        number: usize,
        batches: &Batches,
        low: Option<&Key>,
    ) -> Result<(Option<Key>, u64), Stop> {
        let explain = format!("EXPLAIN SELECT FROM {}{}", batches.table, rest(batches, low));
        let query = range_end(batches, low);
        let steps = [step(batches, &query)];
        let after = After::At { step: number, running: false, cursor: low.cloned() };
        loop {
            let answer = self
                .transaction(work, &steps, Some(number), &after, |_, script| {
                    script.push(Role::Own, &explain).push(Role::Step(0), &query);
                })
                .await?;
            if let Some((reply, script)) = answer {
                let last = before_closing(&script);
                let estimate = reply.value(last - 1).and_then(estimated_rows).unwrap_or(0);
                return Ok((key_of(&reply, last), estimate));
            }
        }
    }

    /// One range; gives the rows that changed and the end of the next range.
    async fn execute_range(
        &mut self,
        work: &Work,
        number: usize,
        batches: &Batches,
        low: Option<&Key>,
        high: &Key,
    ) -> Result<(u64, Option<Key>), Stop> {
        let update = update(batches, low, high);
        let progress = format!(
            "UPDATE {} SET cursor = {} WHERE version = {}",
            self.names.progress(),
            cursor(high),
            work.version
        );
        let next = range_end(batches, Some(high));
        let steps = [step(batches, &update)];
        let after = After::At { step: number, running: false, cursor: Some(high.clone()) };
        let answer = self
            .transaction(work, &steps, Some(number), &after, |_, script| {
                script
                    .push(Role::Step(0), &update)
                    .push(Role::Own, &progress)
                    .push(Role::Own, &next);
            })
            .await?;
        let Some((reply, script)) = answer else {
            return Ok((0, self.first_range(work, number, batches, Some(high)).await?.0));
        };
        let last = before_closing(&script);
        Ok((reply.affected(last - 2), key_of(&reply, last)))
    }
}

/// The last statement before the closing fence and the commit.
fn before_closing(script: &Script) -> usize {
    script.last() - 2
}

fn step(batches: &Batches, sql: &str) -> WorkStep {
    WorkStep::sql(&format!("update {} in batches", batches.table), sql.to_string())
}

/// The key of the last row of the next range, after `low`: so many rows on,
/// or the last one of the table. Neither needs a sort.
fn range_end(batches: &Batches, low: Option<&Key>) -> String {
    let keys = batches.key.join(", ");
    let texts: Vec<_> = batches.key.iter().map(|key| format!("{key}::text")).collect();
    let descending: Vec<_> = batches.key.iter().map(|key| format!("{key} DESC")).collect();
    let rows = format!("{keys} FROM {}{} ORDER BY", batches.table, rest(batches, low));
    format!(
        "SELECT {} FROM ((SELECT 0 AS deepref_turn, {rows} {keys} OFFSET {} LIMIT 1) \
         UNION ALL (SELECT 1, {rows} {} LIMIT 1)) AS deepref_range ORDER BY deepref_turn LIMIT 1",
        texts.join(", "),
        batches.size.max(1) - 1,
        descending.join(", ")
    )
}

fn update(batches: &Batches, low: Option<&Key>, high: &Key) -> String {
    let mut conditions = Vec::new();
    conditions.extend(low.map(|low| above(batches, low)));
    conditions.push(format!("({}) <= ({})", batches.key.join(", "), values(batches, high)));
    if !batches.condition.is_empty() {
        conditions.push(format!("({})", batches.condition));
    }
    format!("UPDATE {} SET {} WHERE {}", batches.table, batches.set, conditions.join(" AND "))
}

/// The condition of the rows that are left after `low`.
fn rest(batches: &Batches, low: Option<&Key>) -> String {
    low.map_or(String::new(), |low| format!(" WHERE {}", above(batches, low)))
}

fn above(batches: &Batches, low: &Key) -> String {
    format!("({}) > ({})", batches.key.join(", "), values(batches, low))
}

fn values(batches: &Batches, key: &Key) -> String {
    let typed = |(text, ty): (&String, &&str)| format!("{}::{ty}", literal(text));
    key.iter().zip(batches.key_types).map(typed).collect::<Vec<_>>().join(", ")
}

fn cursor(key: &Key) -> String {
    let texts: Vec<_> = key.iter().map(|text| format!("{}::text", literal(text))).collect();
    format!("pg_catalog.jsonb_build_array({})", texts.join(", "))
}

fn key_of(reply: &Reply, statement: usize) -> Option<Key> {
    reply.rows(statement).first()?.iter().cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_ranges() {
        let batches = Batches {
            table: "t",
            key: &["a", "\"B\""],
            key_types: &["int", "text"],
            set: "x = 1",
            condition: "x IS NULL",
            size: 2,
        };
        let (low, high) = (vec!["1".into(), "it's".into()], vec!["2".into(), "b".into()]);
        assert_eq!(
            range_end(&batches, Some(&low)),
            "SELECT a::text, \"B\"::text FROM ((SELECT 0 AS deepref_turn, a, \"B\" FROM t WHERE (a, \"B\") > ('1'::int, 'it''s'::text) ORDER BY a, \"B\" OFFSET 1 LIMIT 1) \
             UNION ALL (SELECT 1, a, \"B\" FROM t WHERE (a, \"B\") > ('1'::int, 'it''s'::text) ORDER BY a DESC, \"B\" DESC LIMIT 1)) AS deepref_range ORDER BY deepref_turn LIMIT 1"
        );
        assert_eq!(
            update(&batches, None, &high),
            "UPDATE t SET x = 1 WHERE (a, \"B\") <= ('2'::int, 'b'::text) AND (x IS NULL)"
        );
    }
}
