deepref_schema::migrations! {
    #[statement_timeout = "300"]
    migration Case = 1 {
        up { create table t { id: int } }
    }
}

fn main() {}
