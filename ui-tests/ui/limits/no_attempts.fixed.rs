deepref_schema::migrations! {
    #[attempts = 1]
    migration Case = 1 {
        up { create table t { id: int } }
    }
}

fn main() {}
