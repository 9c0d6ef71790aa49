deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create extension btree_gist;
            create table t { id: bigint primary key identity, name: text, exclude EX_name using gist (name with =) }
            create index IDX_name on t (name);
        }
    }
    migration Case = 2 {
        up {
            #[allow(blocking_index, reason = "few rows")]
            reindex index EX_name;
        }
    }
}

fn main() {}
