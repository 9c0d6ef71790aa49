deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create table t { a: int, b: int generated as (a + 1) stored }
        }
    }
}

fn main() {}
