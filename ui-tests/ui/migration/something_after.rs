deepref_schema::migrations! {
    migration A = 1 { up { create table t { id: uuid } } foo }
}

fn main() {}
