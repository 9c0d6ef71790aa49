deepref_schema::migrations! {
    migration Case = 1 {
        up {
            #[lock_timeout = "10s"]
            create table t { id: int }
        }
    }
}

fn main() {}
