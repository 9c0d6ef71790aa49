deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create sequence s start with 5;
        }
    }
}

fn main() {}
