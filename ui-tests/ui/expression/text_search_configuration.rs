deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create table t { id: int primary key, a: int?, name: text?, at: timestamptz? }
        }
    }
    migration Change = 2 {
        up {
            create index concurrently on t using gin (to_tsvector("englisch", name));
        }
    }
}

fn main() {}
