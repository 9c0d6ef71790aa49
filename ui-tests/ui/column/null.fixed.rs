deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create table t { email: text? }
        }
    }
}

fn main() {}
