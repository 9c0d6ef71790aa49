deepref_schema::migrations! {
    #[lock_timeout = "10s", attempts = 3]
    migration Case = 1 {
        up { create table t { id: int } }
    }
}

fn main() {}
