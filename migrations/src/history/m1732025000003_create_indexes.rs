use deepref_schema::migration;

migration! {
    /// Indexes for the queries of the application, built without blocking writes.
    CreateIndexes = 1732025000003;

    up {
        create index concurrently IDX_users_role on users (role);
        create index concurrently IDX_users_kycStatus on users (kycStatus);
        create index concurrently IDX_users_emailVerified on users (emailVerified);
        create index concurrently IDX_users_createdAt on users (createdAt);

        create index concurrently IDX_references_status on references (status);
        create index concurrently IDX_references_format on references (format);
        create index concurrently IDX_references_rcsScore on references (rcsScore);
        create index concurrently IDX_references_expiryDate on references (expiryDate);
        create index concurrently IDX_references_createdAt on references (createdAt);
        create index concurrently IDX_references_seeker_status on references (seekerId, status);
        create index concurrently IDX_references_referrer_status on references (referrerId, status);
        create index concurrently IDX_references_fulltext on references using gin (
            to_tsvector("english", coalesce(referrerName, "") || " " || coalesce(company, "") || " " || coalesce(role, ""))
        );

        create index concurrently IDX_bundles_isActive on bundles (isActive);
        create index concurrently IDX_bundles_expiryDate on bundles (expiryDate);
        create index concurrently IDX_bundles_createdAt on bundles (createdAt);
        create index concurrently IDX_bundles_seeker_active on bundles (seekerId, isActive);
        create index concurrently IDX_bundles_fulltext on bundles using gin (
            to_tsvector("english", coalesce(title, "") || " " || coalesce(description, ""))
        );

        create index concurrently IDX_kyc_documents_documentType on kyc_documents (documentType);
        create index concurrently IDX_kyc_documents_status on kyc_documents (status);
        create index concurrently IDX_kyc_documents_user_status on kyc_documents (userId, status);

        create index concurrently IDX_ai_prompts_isActive on ai_prompts (isActive);
        create index concurrently IDX_ai_prompts_modelPreference on ai_prompts (modelPreference);
        create index concurrently IDX_ai_prompts_active_model on ai_prompts (isActive, modelPreference);

        create index concurrently IDX_ai_sessions_sessionType on ai_sessions (sessionType);
        create index concurrently IDX_ai_sessions_startedAt on ai_sessions (startedAt);
        create index concurrently IDX_ai_sessions_endedAt on ai_sessions (endedAt);
        create index concurrently IDX_ai_sessions_user_type on ai_sessions (userId, sessionType);
        create index concurrently IDX_ai_sessions_active on ai_sessions (userId, startedAt) where endedAt is null;

        create index concurrently IDX_ai_interactions_modelUsed on ai_interactions (modelUsed);
        create index concurrently IDX_ai_interactions_success on ai_interactions (success);
        create index concurrently IDX_ai_interactions_createdAt on ai_interactions (createdAt);
        create index concurrently IDX_ai_interactions_session_created on ai_interactions (sessionId, createdAt);
        create index concurrently IDX_ai_interactions_prompt_created on ai_interactions (promptId, createdAt);

        create index concurrently IDX_ai_finetune_datasets_qualityScore on ai_finetune_datasets (qualityScore);
        create index concurrently IDX_ai_finetune_datasets_includedInTraining on ai_finetune_datasets (includedInTraining);
        create index concurrently IDX_ai_finetune_datasets_quality_included on ai_finetune_datasets (qualityScore, includedInTraining);
    }
}
