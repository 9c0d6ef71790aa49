deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create table t { id: int primary key, a: int?, name: text?, at: timestamptz? }
        }
    }
    migration Change = 2 {
        up {
            update t set a = (select max(x.ids) from t as x) down none;
        }
    }
}

fn main() {}
