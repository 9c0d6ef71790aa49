deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create table t { data: jsonb }
            create index i on t (id) where data#>>"{a}" = "x";
        }
    }
}

fn main() {}
