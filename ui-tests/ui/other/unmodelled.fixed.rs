deepref_schema::migrations! {
    migration Change = 1 {
        up {
            sql "CREATE TABLE legacy (id int, total int)" down "DROP TABLE legacy";
            sql "ALTER TABLE legacy ALTER COLUMN total TYPE bigint"
                down "ALTER TABLE legacy ALTER COLUMN total TYPE int";
        }
    }
}

fn main() {}
