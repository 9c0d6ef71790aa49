//! From a finding to an error of the compiler, at its token.

use deepref_schema_core::diagnostic::Diagnostic;
use deepref_schema_core::origin::Origin;
use deepref_schema_syntax::Origins;
use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::quote;

/// The errors of some findings. One whose token is not known stands at
/// `instead`.
pub(crate) fn errors(diagnostics: &[Diagnostic], origins: &Origins, instead: Span) -> TokenStream {
    diagnostics
        .iter()
        .flat_map(|diagnostic| {
            let span = origins.span(diagnostic.origin).unwrap_or(instead);
            error(&diagnostic.text(), span)
        })
        .collect()
}

/// The findings of some comparisons as warnings: the use of a deprecated item
/// is the only warning that a stable macro can give.
///
/// ```text
/// const _: () = {
///     #[deprecated(note = "no migration adds column `phone` …")]
///     #[allow(non_upper_case_globals)]
///     const drift: () = ();
///     drift
/// };
/// ```
pub(crate) fn warnings(
    diagnostics: &[Diagnostic],
    origins: &Origins,
    instead: Span,
) -> TokenStream {
    let warning = |diagnostic: &Diagnostic| {
        let text = diagnostic.text();
        let at = Ident::new("drift", origins.span(diagnostic.origin).unwrap_or(instead));
        quote! {
            const _: () = {
                #[deprecated(note = #text)]
                #[allow(non_upper_case_globals)]
                const drift: () = ();
                #at
            };
        }
    };
    diagnostics.iter().flat_map(warning).collect()
}

/// The span of a token, or of the call.
pub(crate) fn span(origins: &Origins, origin: Origin) -> Span {
    origins.span(origin).unwrap_or_else(Span::call_site)
}

/// `::core::compile_error! { "text" }`, all at one span, which is what the
/// compiler underlines.
fn error(text: &str, span: Span) -> TokenStream {
    let punct = |char, spacing| {
        let mut punct = Punct::new(char, spacing);
        punct.set_span(span);
        TokenTree::Punct(punct)
    };
    let word = |word| TokenTree::Ident(Ident::new(word, span));
    let path = || [punct(':', Spacing::Joint), punct(':', Spacing::Alone)];
    let mut literal = Literal::string(text);
    literal.set_span(span);
    let mut group = Group::new(Delimiter::Brace, TokenTree::Literal(literal).into());
    group.set_span(span);
    let mut tokens = Vec::with_capacity(8);
    tokens.extend(path());
    tokens.push(word("core"));
    tokens.extend(path());
    tokens.extend([word("compile_error"), punct('!', Spacing::Alone), TokenTree::Group(group)]);
    tokens.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_macro_call() {
        let tokens = error("a \"b\"", Span::call_site()).to_string();
        assert_eq!(tokens, r#":: core :: compile_error ! { "a \"b\"" }"#);
    }
}
