deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create table users { id: uuid primary key, email: text, name: text? }
        }
    }
    migration Change = 2 {
        up {
            alter table users alter column email set not null;
        }
    }
}

fn main() {}
