deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create table t { a: int, unique UQ_a (a) }
        }
    }
}

fn main() {}
