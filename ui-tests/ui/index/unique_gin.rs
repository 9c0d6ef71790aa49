deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create table posts { id: uuid primary key, tags: text[] }
        }
    }
    migration Change = 2 {
        up {
            create unique index on posts using gin (tags);
        }
    }
}

fn main() {}
