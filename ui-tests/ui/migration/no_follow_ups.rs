deepref_schema::migrations! {
    migration A = 1 { up { create table t { id: txt primary key, name: text } } }
    migration B = 2 {
        up {
            create index concurrently i on t (id);
            create table u { t: text references t (id) }
            alter table t add check (id > 0) concurrently;
        }
    }
}

fn main() {}
