use deepref_schema::Entity;
use jiff::civil::DateTime;
use uuid::Uuid;

/// A person: seeker, referrer or employer.
#[derive(Clone, Debug, Entity)]
#[entity(table = users, rename_all = "camelCase")]
pub struct User {
    #[column(primary_key, default = uuid_generate_v4())]
    pub id: Uuid,
    pub first_name: String,
    pub last_name: String,
    #[column(unique, index)]
    pub email: String,
    pub password: Option<String>,
    #[column(index)]
    pub role: String,
    pub phone_number: Option<String>,
    pub profile_picture_url: Option<String>,
    #[column(index, default = "pending")]
    pub kyc_status: String,
    #[column(index, default = false)]
    pub email_verified: bool,
    pub email_verification_code: Option<String>,
    pub email_verification_expiry: Option<DateTime>,
    pub magic_link_token: Option<String>,
    pub magic_link_expiry: Option<DateTime>,
    pub last_login_at: Option<DateTime>,
    #[column(index, default = now())]
    pub created_at: DateTime,
    #[column(default = now())]
    pub updated_at: DateTime,
}
