deepref_schema::migrations! {
    migration Case = 1 {
        up {
            crate table t { id: uuid }
        }
    }
}

fn main() {}
