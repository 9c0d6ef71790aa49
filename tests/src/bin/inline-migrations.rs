//! A program whose migrations stand in the list itself, written in every kind of token.

use std::process::ExitCode;

macro_rules! history {
    ($table:ident, $price:literal) => {
        deepref_schema::migrations! {
            #![postgres(14..)]

            /// The first one's "text".
            ///
            /// It has paragraphs, and a `\`.
            migration Tables = 1 {
                up {
                    create enum mood { happy, "very sad" }
                    create table $table {
                        id: bigint primary key identity,
                        name: text = "it's \"x\"\n\\ \u{e9}",
                        mood: mood? = "very sad",
                        price: numeric(8, 2) = $price,
                        data: jsonb?,
                        check CHK_price (price >= -1.50 and price <> 3e2 and name <> r#"a"b"#),
                        check CHK_data (data -> "a" ->> "b" is null),
                    }
                    create index on $table (lower(name) desc nulls last) where price > -5;
                    sql r#"CREATE VIEW names AS SELECT name AS "Name" FROM users"# down "DROP VIEW names";
                }
            }

            migration Rename = 2 {
                up {
                    update $table set price = price * 2 where mood = "happy" and data #>> "{a, b}" is null down none;
                    alter table $table rename column name to label;
                    #[allow(data_loss, reason = "nobody reads it")]
                    alter table $table drop column data;
                }
            }
        }
    };
}

history!(users, 0.5);

fn main() -> ExitCode {
    deepref_schema::cli::main(&HISTORY)
}
