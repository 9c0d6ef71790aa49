//! An SVG image.

use std::fmt::Write;

use super::layout::{HEAD, Place, ROW, places};
use super::picture::{Entity, Line, Mark, Picture, Row};

const STYLE: &str = "\
text { font: 12px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; fill: #1f2328 } \
.name { font-weight: bold } .type { fill: #59636e } .key { fill: #0969da; font-size: 10px } \
.box { fill: #ffffff; stroke: #8c959f } .head { fill: #eaeef2 } \
.line { fill: none; stroke: #59636e; stroke-width: 1.2 } \
.added { fill: #dafbe1 } .removed { fill: #ffebe9 } .changed { fill: #fff8c5 } \
.line.added { fill: none; stroke: #1a7f37 } .line.removed { fill: none; stroke: #cf222e; stroke-dasharray: 5 3 } \
.line.changed { fill: none; stroke: #9a6700 }";

pub(super) fn write(picture: &Picture) -> String {
    let (places, width, height) = places(picture);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {width:.0} {height:.0}\">\n\
         <style>{STYLE}</style>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
    );
    for line in &picture.lines {
        write_line(&mut svg, line, &places);
    }
    for (entity, place) in picture.entities.iter().zip(&places) {
        write_entity(&mut svg, entity, *place);
    }
    svg.push_str("</svg>\n");
    svg
}

fn class(mark: Mark) -> &'static str {
    match mark {
        Mark::Same => "",
        Mark::Added => " added",
        Mark::Removed => " removed",
        Mark::Changed => " changed",
    }
}

fn write_entity(svg: &mut String, entity: &Entity, place: Place) {
    let Place { x, y, width, height } = place;
    let _ = writeln!(
        svg,
        "<g><rect class=\"box\" x=\"{x:.0}\" y=\"{y:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" rx=\"4\"/>\
         <rect class=\"head{}\" x=\"{:.0}\" y=\"{:.0}\" width=\"{:.0}\" height=\"{:.0}\"/>\
         <text class=\"name\" x=\"{:.0}\" y=\"{:.0}\">{}</text>",
        class(entity.mark),
        x + 1.0,
        y + 1.0,
        width - 2.0,
        HEAD - 2.0,
        x + 10.0,
        y + 17.0,
        escaped(&entity.name_with_old())
    );
    for (number, row) in entity.rows.iter().enumerate() {
        write_row(svg, row, Place { y: y + HEAD + ROW * number as f64, ..place });
    }
    svg.push_str("</g>\n");
}

fn write_row(svg: &mut String, row: &Row, Place { x, y, width, .. }: Place) {
    if row.mark != Mark::Same {
        let _ = write!(
            svg,
            "<rect class=\"{}\" x=\"{:.0}\" y=\"{y:.0}\" width=\"{:.0}\" height=\"{ROW:.0}\"/>",
            class(row.mark).trim_start(),
            x + 1.0,
            width - 2.0
        );
    }
    let keys: Vec<&str> = [(row.primary, "PK"), (row.foreign, "FK"), (row.unique, "UK")]
        .into_iter()
        .filter_map(|(is_so, key)| is_so.then_some(key))
        .collect();
    let baseline = y + 13.0;
    let gone = if row.mark == Mark::Removed { " text-decoration=\"line-through\"" } else { "" };
    let null = if row.nullable { "?" } else { "" };
    let _ = writeln!(
        svg,
        "<text class=\"key\" x=\"{:.0}\" y=\"{baseline:.0}\">{}</text>\
         <text x=\"{:.0}\" y=\"{baseline:.0}\"{gone}>{}</text>\
         <text class=\"type\" x=\"{:.0}\" y=\"{baseline:.0}\" text-anchor=\"end\">{}{null}</text>",
        x + 6.0,
        keys.join(" "),
        x + 44.0,
        escaped(&row.name_with_old()),
        x + width - 8.0,
        escaped(&row.ty)
    );
}

/// From the column that refers to the one that it refers to, with the signs of
/// how many rows stand at each end.
fn write_line(svg: &mut String, line: &Line, places: &[Place]) {
    let (from, to) = (places[line.from.0], places[line.to.0]);
    let middle = |place: Place, row: usize| place.y + HEAD + ROW * row as f64 + ROW / 2.0;
    let (from_y, to_y) = (middle(from, line.from.1), middle(to, line.to.1));
    // Both ends on the right where the tables stand above each other.
    let (from_x, from_side, to_x, to_side) = if from.x > to.x + to.width {
        (from.x, -1.0, to.x + to.width, 1.0)
    } else if from.x + from.width < to.x {
        (from.x + from.width, 1.0, to.x, -1.0)
    } else {
        (from.x + from.width, 1.0, to.x + to.width, 1.0)
    };
    let bend = ((from_x - to_x).abs() / 2.0).max(46.0);
    let _ = writeln!(
        svg,
        "<path class=\"line{}\" d=\"M{from_x:.0} {from_y:.0} C{:.0} {from_y:.0} {:.0} {to_y:.0} {to_x:.0} {to_y:.0}{}{}\"><title>{}</title></path>",
        class(line.mark),
        from_x + from_side * bend,
        to_x + to_side * bend,
        many(from_x, from_y, from_side, line.single),
        one(to_x, to_y, to_side, line.optional),
        escaped(&line.label)
    );
}

/// A crow's foot; a bar where at most one row refers.
fn many(x: f64, y: f64, side: f64, single: bool) -> String {
    if single {
        return format!(" M{:.0} {:.0} V{:.0}", x + side * 8.0, y - 5.0, y + 5.0);
    }
    let tip = x + side * 10.0;
    format!(" M{tip:.0} {y:.0} L{x:.0} {:.0} M{tip:.0} {y:.0} L{x:.0} {:.0}", y - 5.0, y + 5.0)
}

/// A bar; a circle as well where a row may refer to nothing.
fn one(x: f64, y: f64, side: f64, optional: bool) -> String {
    let bar = format!(" M{:.0} {:.0} V{:.0}", x + side * 6.0, y - 5.0, y + 5.0);
    if !optional {
        return format!("{bar} M{:.0} {:.0} V{:.0}", x + side * 10.0, y - 5.0, y + 5.0);
    }
    let left = x + side * 14.0 - 4.0;
    format!("{bar} M{left:.0} {y:.0} a4 4 0 1 0 8 0 a4 4 0 1 0 -8 0")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
