deepref_schema::migration! {
    AddPhone = 2;

    up {
        create table phones { id: uuid }
    }
}
