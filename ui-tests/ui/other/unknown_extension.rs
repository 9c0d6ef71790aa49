deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create extension citextt;
        }
    }
}

fn main() {}
