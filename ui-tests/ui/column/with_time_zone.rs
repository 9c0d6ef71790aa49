deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create table t { a: timestamp(3) with time zone }
        }
    }
}

fn main() {}
