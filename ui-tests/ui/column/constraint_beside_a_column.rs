deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create table t { a: int constraint UQ_a unique }
        }
    }
}

fn main() {}
