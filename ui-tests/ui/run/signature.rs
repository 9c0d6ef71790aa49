use deepref_schema::Transaction;

fn without_parameter() -> Result<(), String> {
    Ok(())
}

fn by_value(_: Transaction) -> Result<(), String> {
    Ok(())
}

fn without_result(_: &mut Transaction) {}

fn with_value(_: &mut Transaction) -> Result<u64, String> {
    Ok(1)
}

struct Oops;

fn with_no_error(_: &mut Transaction) -> Result<(), Oops> {
    Err(Oops)
}

async fn asynchronous(_: &mut Transaction) -> Result<(), String> {
    Ok(())
}

deepref_schema::migrations! {
    migration Case = 1 {
        up {
            run without_parameter revert none;
            run by_value revert none;
            run without_result revert none;
            run with_value revert none;
            run with_no_error revert none;
            run self::asynchronous revert none;
        }
    }
}

fn main() {}
