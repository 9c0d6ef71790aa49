//! The schema as comparable lines, for `check_up_down_up`.

use super::migrator::Migrator;
use super::session;
use crate::Error;

/// What is in the database, sorted; the physical order of columns does not
/// count, and neither do the ledger and its companion.
pub(super) async fn lines(migrator: &mut Migrator) -> Result<Vec<String>, Error> {
    let (mut connection, _) = session::open(migrator, "check").await?;
    let query = query(&migrator.names.ledger_literal(), &migrator.names.progress_literal());
    let reply = connection
        .send(&query)
        .await
        .map_err(|failed| failed.into_error("the catalog could not be read"))?;
    Ok(reply.rows(0).iter().filter_map(|row| row.first().cloned().flatten()).collect())
}

fn query(ledger: &str, progress: &str) -> String {
    format!(
        "WITH ours AS (SELECT c.oid, c.relname, c.relkind, c.reloptions, pg_catalog.format('%I.%I', n.nspname, c.relname) AS name \
           FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace \
           WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' \
           AND c.oid IS DISTINCT FROM pg_catalog.to_regclass({ledger}) AND c.oid IS DISTINCT FROM pg_catalog.to_regclass({progress}) \
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_index AS i WHERE i.indexrelid = c.oid AND i.indrelid IN (pg_catalog.to_regclass({ledger}), pg_catalog.to_regclass({progress}))) \
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid \
             AND (d.deptype = 'e' OR d.refobjid = pg_catalog.to_regclass({ledger})))) \
         SELECT line FROM ( \
           SELECT 'relation ' || name || ' ' || relkind::text || ' ' || coalesce(reloptions::text, '') || ' ' || coalesce(pg_catalog.obj_description(oid, 'pg_class'), '') AS line FROM ours \
           UNION ALL SELECT 'column ' || o.name || '.' || a.attname || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull || ' ' || a.attidentity::text || a.attgenerated::text \
             || ' ' || coalesce(pg_catalog.pg_get_expr(d.adbin, d.adrelid), '') || ' ' || coalesce(a.attcollation::pg_catalog.regcollation::text, '') \
             || ' ' || coalesce(pg_catalog.col_description(o.oid, a.attnum), '') \
             FROM ours AS o JOIN pg_catalog.pg_attribute AS a ON a.attrelid = o.oid AND a.attnum > 0 AND NOT a.attisdropped \
             LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = o.oid AND d.adnum = a.attnum WHERE o.relkind NOT IN ('i', 'I', 'S') \
           UNION ALL SELECT 'constraint ' || o.name || ' ' || c.conname || ' ' || pg_catalog.pg_get_constraintdef(c.oid) || ' ' || c.convalidated \
             FROM ours AS o JOIN pg_catalog.pg_constraint AS c ON c.conrelid = o.oid \
           UNION ALL SELECT 'index ' || pg_catalog.pg_get_indexdef(o.oid) || ' ' || i.indisvalid FROM ours AS o JOIN pg_catalog.pg_index AS i ON i.indexrelid = o.oid \
           UNION ALL SELECT 'view ' || o.name || ' ' || pg_catalog.pg_get_viewdef(o.oid) FROM ours AS o WHERE o.relkind IN ('v', 'm') \
           UNION ALL SELECT 'sequence ' || o.name || ' ' || pg_catalog.row(s.seqtypid::pg_catalog.regtype, s.seqstart, s.seqincrement, s.seqmax, s.seqmin, s.seqcache, s.seqcycle)::text \
             FROM ours AS o JOIN pg_catalog.pg_sequence AS s ON s.seqrelid = o.oid \
           UNION ALL SELECT 'trigger ' || pg_catalog.pg_get_triggerdef(t.oid) FROM ours AS o JOIN pg_catalog.pg_trigger AS t ON t.tgrelid = o.oid AND NOT t.tgisinternal \
           UNION ALL SELECT 'enum ' || e.enumtypid::pg_catalog.regtype::text || ' ' || pg_catalog.string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum AS e GROUP BY e.enumtypid \
           UNION ALL SELECT 'function ' || pg_catalog.pg_get_functiondef(p.oid) FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace \
             WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND p.prokind IN ('f', 'p') \
             AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'e') \
           UNION ALL SELECT 'schema ' || nspname FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' \
         ) AS lines ORDER BY line"
    )
    .replace("pg_catalog.row(", "ROW(")
}
