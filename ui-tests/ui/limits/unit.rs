deepref_schema::migrations! {
    #[lock_timeout = "10 sec"]
    migration Case = 1 {
        up { create table t { id: int } }
    }
}

fn main() {}
