deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create table t { id: int primary key, a: int?, name: text?, at: timestamptz? }
        }
    }
    migration Change = 2 {
        up {
            alter table t add column data: json = "{a: 1}";
        }
    }
}

fn main() {}
