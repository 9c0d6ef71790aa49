deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create table t { email: varchar(255) }
        }
    }
}

fn main() {}
