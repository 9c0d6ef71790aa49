deepref_schema::migrations! {
    #[lock_timeout = "10s"] #[lock_timeout = "20s"]
    migration Case = 1 {
        up { create table t { id: int } }
    }
}

fn main() {}
