deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create table nope.t { a: int }
            create index I on nope.t (a);
            drop index nope.I;
            create sequence nope.s;
            alter sequence nope.s restart 7;
            create sequence counted minvalue 10 maxvalue 5;
            alter sequence counted rename to numbers;
        }
    }
}

fn main() {}
