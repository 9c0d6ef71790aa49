deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create sequence s start 5;
        }
    }
}

fn main() {}
