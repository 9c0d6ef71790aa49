deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create table app.t { id: uuid }
        }
    }
}

fn main() {}
