deepref_schema::migrations! {
    migration A = 1.5 { up { create table t { id: uuid } } }
}

fn main() {}
