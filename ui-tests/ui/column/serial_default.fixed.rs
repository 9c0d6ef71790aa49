deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create table t { id: int = 1 }
        }
    }
}

fn main() {}
