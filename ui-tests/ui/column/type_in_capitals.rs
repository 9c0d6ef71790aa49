deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create table t { email: VARCHAR(255) NOT NULL }
        }
    }
}

fn main() {}
