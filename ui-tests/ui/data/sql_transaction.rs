deepref_schema::migrations! {
    migration Case = 1 {
        up {
            sql "BEGIN" down none;
        }
    }
}

fn main() {}
