deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create table plans { name: text primary key }
            sql "CREATE TABLE legacy (id int PRIMARY KEY)" down "DROP TABLE legacy";
        }
    }
}

deepref_schema::seeds! {
    seed Plans for dev {
        upsert legacy by (id) {
            { id: 1 },
        }
    }
}

fn main() {}
