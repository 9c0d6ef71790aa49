deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create table users { id: bigint primary key identity }
        }
    }
    migration Change = 2 {
        up {
            alter table users alter column id set default 5;
        }
    }
}

fn main() {}
