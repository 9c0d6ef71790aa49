use deepref_schema::Entity;
use jiff::civil::DateTime;
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

/// What a referrer says about a seeker.
#[derive(Clone, Debug, Entity)]
#[entity(
    table = references,
    rename_all = "camelCase",
    index using gin (to_tsvector("english", coalesce(referrerName, "") || " " || coalesce(company, "") || " " || coalesce(role, ""))),
    index (referrerId, status),
    index (seekerId, status),
)]
pub struct Reference {
    #[column(primary_key, default = uuid_generate_v4())]
    pub id: Uuid,
    #[column(index, references users on delete cascade)]
    pub seeker_id: Uuid,
    #[column(index, references users on delete cascade)]
    pub referrer_id: Uuid,
    pub referrer_name: String,
    pub referrer_email: String,
    pub company: String,
    pub role: String,
    pub questions: Value,
    pub responses: Option<Value>,
    #[column(index)]
    pub format: Option<String>,
    pub allowed_formats: Value,
    #[column(default = false)]
    pub allow_employer_reachback: bool,
    pub content_url: Option<String>,
    pub attachments: Option<Value>,
    #[column(index, default = "pending")]
    pub status: String,
    #[column(type = numeric(5, 2), index)]
    pub rcs_score: Option<Decimal>,
    pub ai_authenticity_score: Option<i32>,
    pub deepfake_probability: Option<i32>,
    pub submitted_at: Option<DateTime>,
    #[column(index)]
    pub expiry_date: Option<DateTime>,
    #[column(index, default = now())]
    pub created_at: DateTime,
    #[column(default = now())]
    pub updated_at: DateTime,
}
