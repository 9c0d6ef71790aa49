deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create table t { a: timestamptz(3) }
        }
    }
}

fn main() {}
