deepref_schema::migrations! {
    #[idle_in_transaction_session_timeout = "0s"]
    migration Case = 1 {
        up { create table t { id: int } }
    }
}

fn main() {}
