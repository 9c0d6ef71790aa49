deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create table t { user: text, check (r#user = "x") }
        }
    }
}

fn main() {}
