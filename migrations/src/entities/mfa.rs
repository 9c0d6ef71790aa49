use deepref_schema::{Entity, PgEnum};
use jiff::civil::DateTime;
use uuid::Uuid;

/// What a second factor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PgEnum)]
#[pg_enum(rename_all = "snake_case")]
pub enum MfaMethod {
    Totp,
    Sms,
    Email,
}

/// How a user proves who they are a second time.
#[derive(Clone, Debug, Entity)]
#[entity(table = user_mfa_settings, index (user_id, enabled))]
pub struct UserMFASettings {
    #[column(primary_key, default = uuid_generate_v4())]
    pub id: Uuid,
    #[column(index, references users on delete cascade)]
    pub user_id: Uuid,
    #[column(default = "totp")]
    pub method: MfaMethod,
    #[column(comment = "Encrypted TOTP secret")]
    pub secret: Option<String>,
    #[column(comment = "JSON array of bcrypt-hashed backup codes")]
    pub backup_codes: Option<String>,
    #[column(type = varchar(20), comment = "Phone number for SMS MFA")]
    pub phone_number: Option<String>,
    #[column(default = false)]
    pub enabled: bool,
    #[column(default = false)]
    pub verified: bool,
    #[column(default = current_timestamp)]
    pub created_at: DateTime,
    #[column(default = current_timestamp)]
    pub updated_at: DateTime,
}

/// A code that a user was asked for.
#[derive(Clone, Debug, Entity)]
#[entity(table = mfa_challenges, index (user_id, verified))]
pub struct MFAChallenge {
    #[column(primary_key, default = uuid_generate_v4())]
    pub id: Uuid,
    #[column(index, references users on delete cascade)]
    pub user_id: Uuid,
    #[column(default = "totp")]
    pub challenge_type: MfaMethod,
    #[column(type = varchar(10), comment = "Hashed challenge code")]
    pub code: String,
    #[column(index)]
    pub expires_at: DateTime,
    #[column(default = 0)]
    pub attempts: i32,
    #[column(default = 5)]
    pub max_attempts: i32,
    #[column(default = false)]
    pub verified: bool,
    pub verified_at: Option<DateTime>,
    #[column(type = varchar(45))]
    pub ip_address: Option<String>,
    pub user_agent: Option<String>,
    #[column(default = current_timestamp)]
    pub created_at: DateTime,
}

/// A device that is not asked for a second factor.
#[derive(Clone, Debug, Entity)]
#[entity(table = trusted_devices, index (user_id, device_fingerprint))]
pub struct TrustedDevice {
    #[column(primary_key, default = uuid_generate_v4())]
    pub id: Uuid,
    #[column(index, references users on delete cascade)]
    pub user_id: Uuid,
    #[column(type = varchar(255), index, comment = "Hashed device fingerprint")]
    pub device_fingerprint: String,
    #[column(type = varchar(255))]
    pub device_name: Option<String>,
    pub user_agent: Option<String>,
    #[column(type = varchar(45))]
    pub ip_address: Option<String>,
    #[column(default = current_timestamp)]
    pub trusted_at: DateTime,
    #[column(index, comment = "Device trust expires after 30 days")]
    pub expires_at: DateTime,
    #[column(default = current_timestamp)]
    pub last_used_at: DateTime,
    #[column(default = false)]
    pub revoked: bool,
    pub revoked_at: Option<DateTime>,
}
