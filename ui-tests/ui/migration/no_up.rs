deepref_schema::migrations! {
    migration A = 1 { create table t { id: uuid } }
}

fn main() {}
