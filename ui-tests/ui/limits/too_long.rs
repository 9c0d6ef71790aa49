deepref_schema::migrations! {
    #[statement_timeout = "30d"]
    migration Case = 1 {
        up { create table t { id: int } }
    }
}

fn main() {}
