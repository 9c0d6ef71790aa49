//! Three files.

deepref_schema::migrations! {
    m1_create_users;
    m2_add_phone;
    m3_fill_phones;
}
