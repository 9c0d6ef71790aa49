deepref_schema::migrations! {
    #![other(x)]
    migration A = 1 { up { create table t { id: uuid } } }
}

fn main() {}
