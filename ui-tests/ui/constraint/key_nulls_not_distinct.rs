deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create table t { a: int, b: int, primary key nulls not distinct (a) }
        }
    }
}

fn main() {}
