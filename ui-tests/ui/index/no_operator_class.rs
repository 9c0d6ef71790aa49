deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create table posts { id: uuid primary key, data: json }
        }
    }
    migration Change = 2 {
        up {
            create index on posts (data);
        }
    }
}

fn main() {}
