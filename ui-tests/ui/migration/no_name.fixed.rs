deepref_schema::migrations! {
    migration CreateUsers = 1732025000001 { up { create table t { id: uuid } } }
}

fn main() {}
