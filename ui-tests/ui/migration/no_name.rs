deepref_schema::migrations! {
    migration { up { create table t { id: uuid } } }
}

fn main() {}
