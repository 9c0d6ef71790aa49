//! The fold alone.
use deepref_schema_core::{history::Fold, migration::Settings};
use deepref_schema_syntax::{Origins, migration_in_file};
fn main() {
    let n: usize = 1000;
    let t = std::time::Instant::now();
    let mut parsed = Vec::new();
    for i in 0..n {
        let text = migration(i);
        let mut o = Origins::default();
        parsed.push((format!("m{i}"), migration_in_file(&text, &mut o).unwrap().value.unwrap()));
    }
    println!("parse {:?}", t.elapsed());
    let t = std::time::Instant::now();
    let mut fold = Fold::new(Settings::default());
    for (stem, m) in &parsed {
        let v = fold.step(stem, m);
        assert!(v.diagnostics.is_empty(), "{:?}", v.diagnostics);
    }
    println!("fold {:?}", t.elapsed());
    let t = std::time::Instant::now();
    println!("{} {:?}", fold.schema().sql().len(), t.elapsed());
}
fn migration(index: usize) -> String {
    let (table, turn) = (index / 5, index % 5);
    let body = match turn {
        0 => format!(
            "create table table{table} {{\n            id: bigint primary key identity,\n            \
             name: text,\n            email: varchar(100)? unique,\n            \
             createdAt: timestamptz = now(),\n        }}\n        \
             create index on table{table} (name);\n        \
             create index IDX_{table}_lower on table{table} (lower(email)) where email is not null;"
        ),
        _ => format!(
            "alter table table{table} add column extra{turn}: int = 0;\n        \
             create index on table{table} (extra{turn}, id desc);\n        \
             alter table table{table} add check (extra{turn} >= 0 and extra{turn} < 100);"
        ),
    };
    format!(
        "migration! {{\n    /// Step {index}.\n    Step{index} = {};\n\n    up {{\n        {body}\n    }}\n}}\n",
        1_700_000_000_000u64 + index as u64
    )
}
