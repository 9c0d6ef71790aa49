deepref_schema::migrations! {
    migration Case = 1 {
        up {
            drop index i;
        }
    }
}

fn main() {}
