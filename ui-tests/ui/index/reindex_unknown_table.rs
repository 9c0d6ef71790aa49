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
            reindex table IDX_name concurrently;
        }
    }
}

fn main() {}
