//! The files around a seed: those that it includes, and the other seeds.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use deepref_schema_core::ident::Ident;
use deepref_schema_core::seed::{Environment, Head, Seed};
use deepref_schema_syntax::{Origins, seed_in_file, seeds_in_file};
use proc_macro2::TokenStream;
use quote::quote;

use crate::site::Site;

/// What seeds include, by paths from the folder of the file that names them.
pub(crate) struct Includes {
    folder: PathBuf,
    files: Vec<PathBuf>,
}

impl Includes {
    pub(crate) fn of(site: &Site) -> Self {
        let own = site.file.as_deref().and_then(Path::parent).map(Path::to_owned);
        let folder = own.unwrap_or_else(|| site.manifest_dir.join("src/seeds"));
        Self { folder, files: Vec::new() }
    }

    /// Reads a file, and remembers it.
    pub(crate) fn read(&mut self, path: &str) -> Result<String, String> {
        let file = self.folder.join(path);
        let text = std::fs::read_to_string(&file).map_err(|error| match error.kind() {
            ErrorKind::NotFound => format!("there is no file `{path}` beside this one"),
            ErrorKind::InvalidData => format!("`{path}` is no text in UTF-8"),
            kind => format!("`{path}` can not be read: {kind}"),
        })?;
        self.files.push(file);
        Ok(text)
    }

    /// Makes the compiler look again when one of them changes.
    pub(crate) fn tracked(&self) -> TokenStream {
        let files = self.files.iter().filter_map(|file| file.to_str());
        files.map(|file| quote! { const _: &[u8] = ::core::include_bytes!(#file); }).collect()
    }
}

/// Whether a file holds a seed, at first glance.
pub(crate) fn holds_seed(file: &Path) -> bool {
    let text = std::fs::read(file).unwrap_or_default();
    let call = b"seed!";
    text.windows(call.len()).any(|part| part == call)
}

/// The files that a list names.
pub(crate) fn listed(list: &Path) -> Vec<Ident> {
    let text = std::fs::read_to_string(list).unwrap_or_default();
    let parsed = seeds_in_file(&text, &mut Origins::new(), &mut |_| Ok(String::new()));
    parsed.and_then(|parsed| parsed.value).unwrap_or_default().files
}

/// What is to be known of all seeds of the list, this one among them. Of one
/// that can not be read or has another name than its file, which is reported
/// where it is, nothing is wrong.
pub(crate) fn heads(seed: &Seed, folder: &Path, list: &Path) -> Vec<Head> {
    let own = Seed::file_stem(seed.name.as_str());
    let head = |file: &Ident| {
        if *file == *own {
            return Some(seed.head());
        }
        let text = std::fs::read_to_string(folder.join(format!("{file}.rs"))).unwrap_or_default();
        let parsed = seed_in_file(&text, &mut Origins::new(), &mut |_| Ok(String::new()));
        let read = parsed.and_then(|parsed| parsed.value).map(|other| other.head());
        let named = read.filter(|head| *file == *Seed::file_stem(&head.name));
        named.or_else(|| unreadable(seed, file))
    };
    listed(list).iter().filter_map(head).collect()
}

fn unreadable(seed: &Seed, file: &Ident) -> Option<Head> {
    let name = seed.after.iter().find(|name| *file == *Seed::file_stem(name.as_str()))?;
    let environments = Environment::ALL.to_vec();
    Some(Head { name: name.to_string(), environments, after: Vec::new() })
}
