deepref_schema::migrations! {
    migration A = 1 { up { } }
}

fn main() {}
