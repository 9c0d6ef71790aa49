deepref_schema::migrations! {
    migration Case = 1 {
        up {
            sql "SELEC 1" down none;
        }
    }
}

fn main() {}
