deepref_schema::migrations! {
    migration Change = 1 {
        up {
            create table users { name: text collate german }
        }
    }
}

fn main() {}
