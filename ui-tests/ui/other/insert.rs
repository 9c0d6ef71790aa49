deepref_schema::migrations! {
    migration Case = 1 {
        up {
            insert into t values (1);
        }
    }
}

fn main() {}
