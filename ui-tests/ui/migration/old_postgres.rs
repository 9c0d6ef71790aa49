deepref_schema::migrations! {
    #![postgres(12..)]
    migration A = 1 { up { create table t { id: uuid } } }
}

fn main() {}
