deepref_schema::migrations! {
    #![forbid(irreversible)]
    #[irreversible(reason = "test")]
    migration Case = 1 { up { create table t { id: uuid } } }
}

fn main() {}
