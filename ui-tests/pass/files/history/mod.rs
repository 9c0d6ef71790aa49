//! Two files.

use deepref_schema::migrations;

migrations! {
    m1_create_users;
    m2_add_phone;
}
