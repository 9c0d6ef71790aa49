//! Where the tables of an image stand: those that nobody has to refer from on
//! the left, those that refer to them further right.

use super::picture::{Entity, Picture};

pub(super) const ROW: f64 = 18.0;
pub(super) const HEAD: f64 = 26.0;
const GAP: f64 = 28.0;
const AISLE: f64 = 90.0;
const MARGIN: f64 = 24.0;
/// The width of a letter of the font, and what stands around a row.
const LETTER: f64 = 7.3;
const PADDING: f64 = 58.0;

/// Where a table stands.
#[derive(Clone, Copy, Default)]
pub(super) struct Place {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// The places of all tables, and the size of the image.
pub(super) fn places(picture: &Picture) -> (Vec<Place>, f64, f64) {
    let mut places: Vec<Place> = picture.entities.iter().map(size).collect();
    let (mut x, mut height) = (MARGIN, 0.0_f64);
    let most = tallest(&places);
    for mut layer in layers(picture) {
        layer.sort_by(|a, b| wish(picture, &places, *a).total_cmp(&wish(picture, &places, *b)));
        for column in cut(&layer, &places, most) {
            let width = column.iter().map(|at| places[*at].width).fold(0.0, f64::max);
            let mut y = MARGIN;
            for at in column {
                (places[at].x, places[at].y) = (x, y);
                y += places[at].height + GAP;
            }
            x += width + AISLE;
            height = height.max(y - GAP);
        }
    }
    (places, (x - AISLE + MARGIN).max(2.0 * MARGIN), height + MARGIN)
}

fn size(entity: &Entity) -> Place {
    let letters = |text: &str| text.chars().count() as f64;
    let rows = entity.rows.iter().map(|row| letters(&row.name_with_old()) + letters(&row.ty) + 3.0);
    let widest = rows.fold(letters(&entity.name_with_old()) + 2.0, f64::max);
    let height = HEAD + ROW * entity.rows.len() as f64 + 6.0;
    Place { width: (widest * LETTER + PADDING).round(), height, ..Place::default() }
}

/// The height of a column that gives an image a little wider than high.
fn tallest(places: &[Place]) -> f64 {
    let area: f64 = places.iter().map(|p| (p.width + AISLE) * (p.height + GAP)).sum();
    let highest = places.iter().map(|place| place.height).fold(0.0, f64::max);
    (area / 1.6).sqrt().max(highest)
}

/// The tables by how long the longest way is that leads from them along
/// foreign keys; a circle is cut where it was entered.
fn layers(picture: &Picture) -> Vec<Vec<usize>> {
    let mut depths = vec![None; picture.entities.len()];
    for at in 0..depths.len() {
        depth(picture, at, &mut depths, &mut Vec::new());
    }
    let mut layers = Vec::new();
    for (at, depth) in depths.into_iter().enumerate() {
        let depth: usize = depth.unwrap_or(0);
        while layers.len() <= depth {
            layers.push(Vec::new());
        }
        layers[depth].push(at);
    }
    layers
}

fn depth(
    picture: &Picture,
    at: usize,
    depths: &mut [Option<usize>],
    way: &mut Vec<usize>,
) -> usize {
    if let Some(known) = depths[at] {
        return known;
    }
    way.push(at);
    let lines = picture.lines.iter().filter(|line| line.from.0 == at);
    let targets: Vec<usize> = lines.map(|line| line.to.0).filter(|to| !way.contains(to)).collect();
    let deepest = targets.into_iter().map(|to| depth(picture, to, depths, way) + 1).max();
    way.pop();
    depths[at] = Some(deepest.unwrap_or(0));
    deepest.unwrap_or(0)
}

/// The height at which a table would like to stand: that of what it refers to.
fn wish(picture: &Picture, places: &[Place], at: usize) -> f64 {
    let lines = picture.lines.iter().filter(|line| line.from.0 == at && line.to.0 != at);
    let heights: Vec<f64> =
        lines.map(|line| places[line.to.0].y + HEAD + ROW * line.to.1 as f64).collect();
    match heights.len() {
        0 => 0.0,
        many => heights.iter().sum::<f64>() / many as f64,
    }
}

/// A layer as columns that are not too high.
fn cut(layer: &[usize], places: &[Place], most: f64) -> Vec<Vec<usize>> {
    let mut columns: Vec<Vec<usize>> = Vec::new();
    let mut height = f64::INFINITY;
    for at in layer {
        if height + places[*at].height > most {
            columns.push(Vec::new());
            height = 0.0;
        }
        height += places[*at].height + GAP;
        if let Some(column) = columns.last_mut() {
            column.push(*at);
        }
    }
    columns
}
