use deepref_schema::Entity;
use jiff::civil::DateTime;
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

/// An interaction that was judged, to train with.
#[derive(Clone, Debug, Entity)]
#[entity(
    table = ai_finetune_datasets,
    check CHK_ai_finetune_datasets_quality_score (quality_score >= 1 and quality_score <= 5),
    index (quality_score, included_in_training),
)]
pub struct AIFinetuneDataset {
    #[column(primary_key, default = uuid_generate_v4())]
    pub id: Uuid,
    #[column(unique, index, references ai_interactions on delete cascade)]
    pub interaction_id: Uuid,
    #[column(index)]
    pub quality_score: Option<i32>,
    pub human_feedback: Option<String>,
    #[column(index, default = false)]
    pub included_in_training: bool,
    #[column(default = now())]
    pub created_at: DateTime,
    #[column(type = varchar(20), default = "pending_review")]
    pub status: Option<String>,
    pub training_data: Option<Value>,
    #[column(type = varchar(50), index)]
    pub dataset_version: Option<String>,
    pub evaluation_metrics: Option<Value>,
    pub notes: Option<String>,
    pub tags: Option<Value>,
    #[column(references users on delete set null)]
    pub reviewed_by: Option<Uuid>,
    pub reviewed_at: Option<DateTime>,
    pub rejection_reason: Option<String>,
    pub original_context: Option<Value>,
    #[column(default = false)]
    pub is_positive_example: Option<bool>,
    #[column(default = false)]
    pub is_negative_example: Option<bool>,
    pub corrected_response: Option<String>,
    pub training_weight: Option<Decimal>,
    pub export_history: Option<Value>,
    #[column(default = now())]
    pub updated_at: Option<DateTime>,
}
