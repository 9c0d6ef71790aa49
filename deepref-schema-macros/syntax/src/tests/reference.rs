//! Every example of the language reference is read.

use super::{parse, parse_list, parse_seed, parse_seeds, parse_up, render};

const REFERENCE: &str = include_str!("../../../../deepref-schema/docs/language.md");

/// The blocks of Rust, each with what stands after `rust`.
fn examples() -> Vec<(&'static str, &'static str)> {
    let blocks = REFERENCE.split("\n```rust").skip(1);
    blocks.filter_map(|block| block.split("\n```").next()?.split_once('\n')).collect()
}

#[test]
fn every_example_is_read() {
    let examples = examples();
    assert_eq!(examples.len(), REFERENCE.matches("```rust").count());
    for (kind, example) in examples {
        let (mistakes, is_read) = match kind {
            "" => read(parse_up(example)),
            ",file" => read(parse(example)),
            ",list" => read(parse_list(example)),
            ",seed" => read(parse_seed(example)),
            ",seeds" => read(parse_seeds(example)),
            other => panic!("what is `{other}`?"),
        };
        assert!(is_read, "{mistakes}");
    }
}

fn read<T>((text, origins, parsed): (String, crate::Origins, crate::Parsed<T>)) -> (String, bool) {
    (render(&text, &origins, &parsed.diagnostics), parsed.value.is_some() && !parsed.broken)
}

/// The rows of the table of expressions: what is written, what is sent.
#[test]
fn every_expression_is_sent_as_the_table_says() {
    let table = REFERENCE.split("| written | sent |").nth(1).expect("the table");
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let mut count = 0;
    for row in rows {
        let mut cells = row.trim_matches('|').split(" | ");
        let (written, sent) = (codes(cells.next()), codes(cells.next()));
        for (written, sent) in written.iter().zip(&sent) {
            assert_eq!(super::accepted::default_of(written), *sent, "{row}");
            count += 1;
        }
    }
    assert!(count >= 16, "{count}");
}

fn codes(cell: Option<&'static str>) -> Vec<&'static str> {
    cell.into_iter().flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect()
}

/// The examples in the description of entities are read.
#[test]
fn examples_of_entities() {
    let page = include_str!("../../../../deepref-schema/docs/entities.md");
    let (mut entities, mut enums) = (0, 0);
    for example in page.split("```rust\n").skip(1) {
        let code = example.split("\n```").next().unwrap_or_default();
        let found = crate::entity::scan(code, &mut crate::Origins::new()).expect("Rust");
        assert_eq!(found.diagnostics, [], "{code}");
        entities += found.entities.len();
        enums += found.enums.len();
    }
    assert_eq!((entities, enums), (2, 2));
}
