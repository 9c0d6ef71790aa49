deepref_schema::migrations! {
    migration Before = 1 {
        up {
            create enum tier { free, paid }
            create table plans {
                id: bigint primary key identity,
                name: varchar(40) unique,
                price: numeric,
                tier: tier = "free",
                note: text?,
                code: text?,
                hint: varchar(60)?,
                gross: numeric generated as (price * 1.2) stored,
                unique UQ_plans_code (code) deferrable,
            }
            create unique index IDX_plans_note on plans (note) where note is not null;
        }
    }
}

deepref_schema::seeds! {
    seed Plans for dev {
        insert into plans (name) values ("basic");
    }
}

fn main() {}
