use deepref_schema::{StatementError, Transaction};

mod steps {
    use super::{StatementError, Transaction};

    pub(super) fn fill(transaction: &mut Transaction) -> Result<(), StatementError> {
        transaction.batch_execute("ANALYZE")
    }
}

deepref_schema::migrations! {
    migration Case = 1 {
        up {
            create table t { id: int }
            sql "ANALYZE" down none;
        }
    }
}

fn main() {}
