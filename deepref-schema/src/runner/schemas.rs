//! The schemas of a database.

use deepref_schema_core::ident::literal;

use super::migrator::Migrator;
use super::session;
use crate::Error;

/// Those that match a pattern, in which `*` stands for any text.
pub(super) async fn schemas(migrator: &mut Migrator, pattern: &str) -> Result<Vec<String>, Error> {
    let (mut connection, _) = session::open(migrator, "schemas").await?;
    let query = format!(
        "SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname LIKE {} AND nspname !~ '^pg_' \
         AND nspname <> 'information_schema' ORDER BY 1",
        literal(&like(pattern))
    );
    let reply = connection.send(&query).await;
    let reply = reply.map_err(|failed| failed.into_error("the schemas could not be read"))?;
    Ok(reply.rows(0).iter().filter_map(|row| row.first().cloned().flatten()).collect())
}

fn like(pattern: &str) -> String {
    let mut like = String::new();
    for character in pattern.chars() {
        match character {
            '*' => like.push('%'),
            '%' | '_' | '\\' => like.extend(['\\', character]),
            other => like.push(other),
        }
    }
    like
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_star_is_any_text() {
        assert_eq!(super::like("tenant_*%"), "tenant\\_%\\%");
    }
}
