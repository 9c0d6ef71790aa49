//! The history of the DeepRef database.
