deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create table t { a: int, b: int, unique (a, a) }
        }
    }
}

fn main() {}
