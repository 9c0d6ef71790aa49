deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create table users { id: bigint primary key, email: text, name: text? }
        }
    }
    migration Change = 2 {
        up {
            create table posts { id: uuid primary key, author: bigint references users }
        }
    }
}

fn main() {}
