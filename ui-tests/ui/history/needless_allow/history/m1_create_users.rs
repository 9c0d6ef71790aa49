deepref_schema::migration! {
    CreateUsers = 1;

    up {
        create table users { id: bigint primary key identity, name: text }
    }
}
