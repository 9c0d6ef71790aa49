deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create table users { id: uuid primary key, email: text, name: text? }
        }
    }
    migration Change = 2 {
        up {
            comment on table users is "";
        }
    }
}

fn main() {}
