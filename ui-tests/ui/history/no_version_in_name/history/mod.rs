deepref_schema::migrations! {
    m1_create_users;
    add_phone;
}
