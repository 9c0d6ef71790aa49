deepref_schema::migrations! {
    #![postgres(15..)]

    migration Before = 1 {
        up {
            create table users { id: uuid primary key, email: text, name: text? }
        }
    }
    migration Change = 2 {
        up {
            create unique index concurrently UQ_name on users (name) nulls not distinct;
        }
    }
}

fn main() {}
