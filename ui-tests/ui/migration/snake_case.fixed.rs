deepref_schema::migrations! {
    migration CreateUsers = 1 { up { create table users { id: uuid } } }
}

fn main() {}
