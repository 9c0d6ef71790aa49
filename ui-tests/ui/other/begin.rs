deepref_schema::migrations! {
    migration Case = 1 {
        up {
            begin;
        }
    }
}

fn main() {}
