deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create table orders { id: uuid primary key, total: numeric }
        }
    }
    migration Change = 2 {
        up {
            alter table orders add check (total < max(total));
        }
    }
}

fn main() {}
