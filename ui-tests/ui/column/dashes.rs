deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create table t {
                id: uuid, -- the id
                name: text,
            }
        }
    }
}

fn main() {}
