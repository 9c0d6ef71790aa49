//! The options of sequences.

use super::Text;
use super::name::{name, path_but};
use super::types::ty;
use crate::operation::SequenceOption;

/// Options, separated by spaces.
pub(super) fn options(options: &[SequenceOption]) -> Text {
    let options: Result<Vec<_>, _> = options.iter().map(option).collect();
    options.map(|options| options.join(" "))
}

fn option(option: &SequenceOption) -> Text {
    Ok(match option {
        SequenceOption::As(of) => format!("as {}", ty(of)?),
        SequenceOption::Increment(by, _) => format!("increment {by}"),
        SequenceOption::Min(Some(min), _) => format!("minvalue {min}"),
        SequenceOption::Min(None, _) => "no minvalue".to_owned(),
        SequenceOption::Max(Some(max), _) => format!("maxvalue {max}"),
        SequenceOption::Max(None, _) => "no maxvalue".to_owned(),
        SequenceOption::Start(start, _) => format!("start {start}"),
        SequenceOption::Restart(Some(start), _) => format!("restart {start}"),
        SequenceOption::Restart(None, _) => "restart".to_owned(),
        SequenceOption::Cache(cache, _) => format!("cache {cache}"),
        SequenceOption::Cycle(true, _) => "cycle".to_owned(),
        SequenceOption::Cycle(false, _) => "no cycle".to_owned(),
        SequenceOption::OwnedBy(Some(owner), _) => {
            format!("owned by {}.{}", path_but(&owner.table, "none")?, name(&owner.column)?)
        }
        SequenceOption::OwnedBy(None, _) => "owned by none".to_owned(),
    })
}
