deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create table t { a: int, unique UQ (a), check UQ (a > 0) }
        }
    }
}

fn main() {}
