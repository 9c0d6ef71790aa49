deepref_schema::migrations! {
    m1_create_users;
    m3_add_phone;
}
