deepref_schema::migrations! {
    #![allow(blocking, reason = "the tables are small")]

    m1_create_users;
    m2_add_phone;
}
