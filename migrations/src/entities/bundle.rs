use deepref_schema::Entity;
use jiff::civil::DateTime;
use rust_decimal::Decimal;
use uuid::Uuid;

/// References that a seeker shares with one link.
#[derive(Clone, Debug, Entity)]
#[entity(
    table = bundles,
    rename_all = "camelCase",
    index using gin (to_tsvector("english", coalesce(title, "") || " " || coalesce(description, ""))),
    index (seekerId, isActive),
)]
pub struct Bundle {
    #[column(primary_key, default = uuid_generate_v4())]
    pub id: Uuid,
    #[column(index, references users on delete cascade)]
    pub seeker_id: Uuid,
    pub title: String,
    pub description: Option<String>,
    #[column(unique)]
    pub share_link: String,
    pub password: Option<String>,
    #[column(type = numeric(5, 2), rename = aggregatedRCS)]
    pub aggregated_rcs: Option<Decimal>,
    #[column(default = 0)]
    pub view_count: i32,
    #[column(index, default = true)]
    pub is_active: bool,
    #[column(index)]
    pub expiry_date: Option<DateTime>,
    #[column(index, default = now())]
    pub created_at: DateTime,
    #[column(default = now())]
    pub updated_at: DateTime,
}

/// Which references are in which bundle.
#[derive(Clone, Debug, Entity)]
#[entity(
    table = bundle_references,
    rename_all = "camelCase",
    primary key (bundleId, referenceId),
)]
pub struct BundleReference {
    #[column(references bundles on delete cascade on update cascade)]
    pub bundle_id: Uuid,
    #[column(references references on delete cascade on update cascade)]
    pub reference_id: Uuid,
}
