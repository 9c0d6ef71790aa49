deepref_schema::migrations! {
    migration A = 1 { up { create table t { id: uuid } } }
    migration B = 2 { up { create table u { id: uuid } } }
}

fn main() {}
