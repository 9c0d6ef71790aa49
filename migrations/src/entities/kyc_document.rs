use deepref_schema::Entity;
use jiff::civil::DateTime;
use serde_json::Value;
use uuid::Uuid;

/// A document that proves who a user is.
#[derive(Clone, Debug, Entity)]
#[entity(table = kyc_documents, rename_all = "camelCase", index (userId, status))]
pub struct KYCDocument {
    #[column(primary_key, default = uuid_generate_v4())]
    pub id: Uuid,
    #[column(index, references users on delete cascade)]
    pub user_id: Uuid,
    #[column(index)]
    pub document_type: String,
    pub front_image_url: String,
    pub back_image_url: Option<String>,
    pub selfie_image_url: Option<String>,
    #[column(index, default = "processing")]
    pub status: String,
    pub liveness_score: Option<i32>,
    pub verification_data: Option<Value>,
    pub failure_reason: Option<String>,
    #[column(default = now())]
    pub created_at: DateTime,
    #[column(default = now())]
    pub updated_at: DateTime,
}
