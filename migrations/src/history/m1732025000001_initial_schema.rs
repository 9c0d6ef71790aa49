use deepref_schema::migration;

migration! {
    /// The core tables: users, references, bundles and KYC documents.
    InitialSchema = 1732025000001;

    up {
        create extension "uuid-ossp";

        create table users {
            id: uuid = uuid_generate_v4(),
            firstName: varchar,
            lastName: varchar,
            email: varchar,
            password: varchar?,
            role: varchar,
            phoneNumber: varchar?,
            profilePictureUrl: varchar?,
            kycStatus: varchar = "pending",
            emailVerified: bool = false,
            emailVerificationCode: varchar?,
            emailVerificationExpiry: timestamp?,
            magicLinkToken: varchar?,
            magicLinkExpiry: timestamp?,
            lastLoginAt: timestamp?,
            createdAt: timestamp = now(),
            updatedAt: timestamp = now(),

            primary key PK_users_id (id),
            unique UQ_users_email (email),
        }

        create table references {
            id: uuid = uuid_generate_v4(),
            seekerId: uuid,
            referrerId: uuid,
            referrerName: varchar,
            referrerEmail: varchar,
            company: varchar,
            role: varchar,
            questions: jsonb,
            responses: jsonb?,
            format: varchar?,
            allowedFormats: jsonb,
            allowEmployerReachback: bool = false,
            contentUrl: varchar?,
            attachments: jsonb?,
            status: varchar = "pending",
            rcsScore: numeric(5, 2)?,
            aiAuthenticityScore: int?,
            deepfakeProbability: int?,
            submittedAt: timestamp?,
            expiryDate: timestamp?,
            createdAt: timestamp = now(),
            updatedAt: timestamp = now(),

            primary key PK_references_id (id),
            foreign key FK_references_seeker (seekerId) references users (id) on delete cascade,
            foreign key FK_references_referrer (referrerId) references users (id) on delete cascade,
        }

        create table bundles {
            id: uuid = uuid_generate_v4(),
            seekerId: uuid,
            title: varchar,
            description: text?,
            shareLink: varchar,
            password: varchar?,
            aggregatedRCS: numeric(5, 2)?,
            viewCount: int = 0,
            isActive: bool = true,
            expiryDate: timestamp?,
            createdAt: timestamp = now(),
            updatedAt: timestamp = now(),

            primary key PK_bundles_id (id),
            unique UQ_bundles_shareLink (shareLink),
            foreign key FK_bundles_seeker (seekerId) references users (id) on delete cascade,
        }

        create table bundle_references {
            bundleId: uuid,
            referenceId: uuid,

            primary key PK_bundle_references (bundleId, referenceId),
            foreign key FK_bundle_references_bundle (bundleId)
                references bundles (id) on delete cascade on update cascade,
            foreign key FK_bundle_references_reference (referenceId)
                references references (id) on delete cascade on update cascade,
        }

        create table kyc_documents {
            id: uuid = uuid_generate_v4(),
            userId: uuid,
            documentType: varchar,
            frontImageUrl: varchar,
            backImageUrl: varchar?,
            selfieImageUrl: varchar?,
            status: varchar = "processing",
            livenessScore: int?,
            verificationData: jsonb?,
            failureReason: varchar?,
            createdAt: timestamp = now(),
            updatedAt: timestamp = now(),

            primary key PK_kyc_documents_id (id),
            foreign key FK_kyc_documents_user (userId) references users (id) on delete cascade,
        }

        create index IDX_users_email on users (email);
        create index IDX_references_seekerId on references (seekerId);
        create index IDX_references_referrerId on references (referrerId);
        create index IDX_bundles_seekerId on bundles (seekerId);
        create index IDX_kyc_documents_userId on kyc_documents (userId);
    }
}
