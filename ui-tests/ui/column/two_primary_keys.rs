deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create table t { a: int primary key, b: int primary key }
        }
    }
}

fn main() {}
