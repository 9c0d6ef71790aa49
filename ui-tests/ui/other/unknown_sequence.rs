deepref_schema::migrations! {
    migration Case = 1 {
        up {
            drop sequence s;
        }
    }
}

fn main() {}
