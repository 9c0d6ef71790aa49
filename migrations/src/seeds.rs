//! The rows that a DeepRef database begins with.

deepref_schema::seeds! {
    prompts;
}
