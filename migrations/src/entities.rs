//! The tables of DeepRef as structs. `cargo check` compares them with what the
//! migrations make: a difference is a warning, and CI takes none.
#![allow(missing_docs, reason = "a field is the column of its name")]

mod ai_finetune_dataset;
mod ai_interaction;
mod ai_prompt;
mod ai_session;
mod bundle;
mod email_log;
mod kyc_document;
mod mfa;
mod reference;
mod user;

pub use ai_finetune_dataset::AIFinetuneDataset;
pub use ai_interaction::AIInteraction;
pub use ai_prompt::AIPrompt;
pub use ai_session::AISession;
pub use bundle::{Bundle, BundleReference};
pub use email_log::EmailLog;
pub use kyc_document::KYCDocument;
pub use mfa::{MFAChallenge, MfaMethod, TrustedDevice, UserMFASettings};
pub use reference::Reference;
pub use user::User;
