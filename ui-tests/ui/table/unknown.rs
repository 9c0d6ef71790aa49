deepref_schema::migrations! {
    migration Case = 1 {
        up {
            alter table users add column a: int?;
        }
    }
}

fn main() {}
