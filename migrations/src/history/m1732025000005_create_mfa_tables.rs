use deepref_schema::migration;

migration! {
    /// Second factors: settings, challenges and trusted devices.
    CreateMFATables = 1732025000005;

    up {
        create enum mfa_method { totp, sms, email }

        create table user_mfa_settings {
            id: uuid primary key = uuid_generate_v4(),
            user_id: uuid,
            method: mfa_method = "totp",
            secret: text?,
            backup_codes: text?,
            phone_number: varchar(20)?,
            enabled: bool = false,
            verified: bool = false,
            created_at: timestamp = current_timestamp,
            updated_at: timestamp = current_timestamp,

            foreign key FK_user_mfa_settings_user (user_id) references users (id) on delete cascade,
        }
        comment on column user_mfa_settings.secret is "Encrypted TOTP secret";
        comment on column user_mfa_settings.backup_codes is "JSON array of bcrypt-hashed backup codes";
        comment on column user_mfa_settings.phone_number is "Phone number for SMS MFA";
        create index IDX_user_mfa_settings_user_id on user_mfa_settings (user_id);
        create index IDX_user_mfa_settings_user_enabled on user_mfa_settings (user_id, enabled);

        create table mfa_challenges {
            id: uuid primary key = uuid_generate_v4(),
            user_id: uuid,
            challenge_type: mfa_method = "totp",
            code: varchar(10),
            expires_at: timestamp,
            attempts: int = 0,
            max_attempts: int = 5,
            verified: bool = false,
            verified_at: timestamp?,
            ip_address: varchar(45)?,
            user_agent: text?,
            created_at: timestamp = current_timestamp,

            foreign key FK_mfa_challenges_user (user_id) references users (id) on delete cascade,
        }
        comment on column mfa_challenges.code is "Hashed challenge code";
        create index IDX_mfa_challenges_user_id on mfa_challenges (user_id);
        create index IDX_mfa_challenges_expires_at on mfa_challenges (expires_at);
        create index IDX_mfa_challenges_user_verified on mfa_challenges (user_id, verified);

        create table trusted_devices {
            id: uuid primary key = uuid_generate_v4(),
            user_id: uuid,
            device_fingerprint: varchar(255),
            device_name: varchar(255)?,
            user_agent: text?,
            ip_address: varchar(45)?,
            trusted_at: timestamp = current_timestamp,
            expires_at: timestamp,
            last_used_at: timestamp = current_timestamp,
            revoked: bool = false,
            revoked_at: timestamp?,

            foreign key FK_trusted_devices_user (user_id) references users (id) on delete cascade,
        }
        comment on column trusted_devices.device_fingerprint is "Hashed device fingerprint";
        comment on column trusted_devices.expires_at is "Device trust expires after 30 days";
        create index IDX_trusted_devices_user_id on trusted_devices (user_id);
        create index IDX_trusted_devices_fingerprint on trusted_devices (device_fingerprint);
        create index IDX_trusted_devices_user_fingerprint on trusted_devices (user_id, device_fingerprint);
        create index IDX_trusted_devices_expires_at on trusted_devices (expires_at);
    }
}
