deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create table t { a: int = 10u8 }
        }
    }
}

fn main() {}
