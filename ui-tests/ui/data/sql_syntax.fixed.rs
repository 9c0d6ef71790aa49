deepref_schema::migrations! {
    migration Case = 1 {
        up {
            sql "SELECT 1" down none;
        }
    }
}

fn main() {}
