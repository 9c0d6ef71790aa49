use deepref_schema::{StatementError, Transaction, migration};

/// A function of the user may have this name.
const FUNCTIONS: [&str; 1] = ["UPDATE users SET phone = '-' WHERE phone IS NULL"];

migration! {
    FillPhones = 3;

    up {
        run fill revert self::undo;
    }
}

fn fill(transaction: &mut Transaction) -> Result<(), StatementError> {
    FUNCTIONS.iter().try_for_each(|sql| transaction.batch_execute(sql))
}

fn undo(transaction: &mut Transaction) -> Result<(), StatementError> {
    transaction.execute("UPDATE users SET phone = NULL WHERE phone = $1", &[&"-"]).map(drop)
}
