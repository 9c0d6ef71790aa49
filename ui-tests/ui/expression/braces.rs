deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create table t { deletedAt: timestamp?, a: int, user: text, kind: text }
            create index i on t (a) where a > { 0 };
        }
    }
}

fn main() {}
