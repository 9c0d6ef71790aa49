deepref_schema::migrations! {
    migration Change = 1 {
        up {
            sql "CREATE TABLE legacy (id int, total int)" down "DROP TABLE legacy";
            alter table legacy alter column total type bigint;
        }
    }
}

fn main() {}
