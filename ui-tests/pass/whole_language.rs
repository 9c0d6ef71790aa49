use deepref_schema::{BoxError, Transaction};

mod steps {
    use super::{BoxError, Transaction};

    pub(crate) fn fill(transaction: &mut Transaction) -> Result<(), BoxError> {
        let rows = transaction.query("SELECT id, remark FROM app.orders WHERE id > $1", &[&1_i64])?;
        for row in rows {
            let (id, remark): (i64, &str) = (row.try_get(0)?, row.try_get(1)?);
            let upper = remark.to_uppercase();
            transaction.execute("UPDATE app.orders SET remark = $1 WHERE id = $2", &[&upper, &id])?;
        }
        Ok(())
    }

    pub(crate) fn r#loop(transaction: &mut Transaction) -> Result<(), String> {
        let row = transaction.query_one("SELECT 1", &[]).map_err(|error| error.to_string())?;
        if row.is_empty() { Err("there is no row".into()) } else { Ok(()) }
    }
}

deepref_schema::migrations! {
    #![postgres(15..)]
    #![ledger(public.log)]
    /// Everything is made.
    migration Make = 1 {
        up {
            create schema app;
            create extension btree_gist;
            create enum kind { new, old, "in review" }
            create sequence app.numbers as bigint start 1000 increment 1 no maxvalue cache 1;
            create table app.customers { id: uuid, type: text, primary key (id), unique (id, type) }
            create table app.orders {
                id: bigint primary key identity by default (start 1000),
                type: text,
                order: int unique = 0,
                status: kind = "new",
                price: numeric(10, 2) check (price >= 0),
                tags: text[] = "{}",
                note: text? collate C,
                customerId: uuid references app.customers on delete cascade,
                total: numeric generated as (price * 1.2) stored,
                during: tstzrange,
                createdAt: timestamptz(3) = now() at time zone "utc",

                unique nulls not distinct (order, note),
                unique UQ_slot (type, order) deferrable initially deferred,
                check CHK_order (r#order > 0),
                foreign key FK_customer (customerId, type) references app.customers (id, type)
                    on delete cascade on update cascade,
                exclude EX_slot using gist (type with =, during with &&) where (price > 1),
            }
            create index IDX_orders on app.orders (lower(type), createdAt desc nulls last) include (price);
            comment on table app.orders is "all of them";
        }
    }
    migration Change = 2 {
        up {
            alter enum kind add value lost after old;
            alter table app.orders {
                rename column note to remark,
                alter column remark set default "-",
                add column extra: varchar(20)?,
            }
            create index concurrently IDX_extra on app.orders (extra);
        }
    }
    #[lock_timeout = "10s"]
    #[statement_timeout = "5 min"]
    #[idle_in_transaction_session_timeout = "1h"]
    #[attempts = 3]
    migration Fill = 3 {
        up {
            run steps::fill revert self::steps::r#loop;
            run steps::fill revert none;
        }
    }
    migration Empty = 4 {
        up { run steps::r#loop; }
        down { run steps::fill; }
    }
    #[irreversible(reason = "nobody knows what it did")]
    migration Forget = 5 {
        up { run steps::fill; }
    }
    migration Again = 6 {
        up {
            reindex index app.IDX_extra concurrently;
            reindex index app.orders_pkey concurrently;
            #[allow(blocking_index, reason = "there is no other way")]
            reindex index app.EX_slot;
            reindex table app.customers concurrently;
            sql "ALTER TABLE app.log DETACH PARTITION app.log_2020 CONCURRENTLY"
                down "ALTER TABLE app.log ATTACH PARTITION app.log_2020 FOR VALUES IN (2020)";
        }
        down {
            reindex table app.customers concurrently;
            sql "ALTER TABLE app.log ATTACH PARTITION app.log_2020 FOR VALUES IN (2020)";
        }
    }
}
