deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create table log { at: timestamptz, text: text }
        }
    }
    migration Change = 2 {
        up {
            update log set text = lower(text) down none;
        }
    }
}

fn main() {}
