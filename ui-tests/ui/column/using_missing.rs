deepref_schema::migrations! {
    #![allow(blocking, reason = "the table is small")]

    migration Before = 1 {
        up {
            create table users { id: uuid primary key, age: text }
        }
    }
    migration Change = 2 {
        up {
            alter table users alter column age type int;
        }
    }
}

fn main() {}
