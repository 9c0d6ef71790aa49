use super::{Operate, Operation, Reversal};
use crate::check::Check;
use crate::diagnostic::Diagnostic;
use crate::origin::Origin;
use crate::rust_path::RustPath;
use crate::schema::Schema;
use crate::statement::Statement;

/// `run crate::steps::fill revert crate::steps::empty`: a function of the
/// program, for what SQL can not do.
///
/// It is taken to leave the schema as it is: what it made would be missing in
/// the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunFunction {
    /// The function.
    pub function: RustPath,
    /// How it is reverted.
    pub revert: Option<FunctionRevert>,
    /// The word `run`.
    pub origin: Origin,
}

/// How a function is reverted, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FunctionRevert {
    /// `revert none`: there is nothing to undo.
    Nothing,
    /// `revert path`: by another function.
    Function(RustPath),
}

impl Operate for RunFunction {
    fn resolve(&self, _: &mut Check<'_>) -> Vec<Operation> {
        vec![self.clone().into()]
    }

    fn apply(&self, _: &mut Schema) {}

    fn reverse(&self, _: &Schema) -> Reversal {
        let function = match &self.revert {
            Some(FunctionRevert::Nothing) => return Ok(Vec::new()),
            Some(FunctionRevert::Function(function)) => function.clone(),
            None => return Err(Box::new(self.without_revert())),
        };
        let revert = Some(FunctionRevert::Nothing);
        Ok(vec![Self { function, revert, origin: self.origin }.into()])
    }

    fn statements(&self, _: &Schema) -> Vec<Statement> {
        vec![Statement::calling(self.describe(), self.function.clone())]
    }

    fn describe(&self) -> String {
        format!("run {}", self.function)
    }
}

impl RunFunction {
    fn without_revert(&self) -> Diagnostic {
        let message = "what a function does can not be derived, so it can not be reverted";
        let help = format!(
            "write `{} revert …;` with the function that undoes it, or `revert none` where there is nothing to undo",
            self.describe()
        );
        let origin = self.function.words.first().map_or(self.origin, |word| word.origin);
        Diagnostic::new("irreversible", origin, message).help(help)
    }
}
