deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create table t { a: int, b: int, check (a > 0) deferrable }
        }
    }
}

fn main() {}
