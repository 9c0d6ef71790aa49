deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create table t { a: character varying(20) }
        }
    }
}

fn main() {}
