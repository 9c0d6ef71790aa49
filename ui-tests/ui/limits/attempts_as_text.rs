deepref_schema::migrations! {
    #[attempts = "3"]
    migration Case = 1 {
        up { create table t { id: int } }
    }
}

fn main() {}
