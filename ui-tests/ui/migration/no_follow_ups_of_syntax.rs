deepref_schema::migrations! {
    migration A = 1 { up { crate table t { id: int } } }
    migration B = 2 { up { alter table t drop column id; } }
}

fn main() {}
