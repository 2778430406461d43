//! The outlines of places, read once from GeoJSON (RFC 7946): areas with the codes written on them, in degrees.
//!
//! A [`Geography`] only says which area bears which code; it must not know values.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use wdl_result::Dimension;

/// A place in degrees: longitude, latitude.
pub(crate) type Position = (f64, f64);

/// The property that holds an area's own code, when none is named as the dimension.
const CODE: &str = "code";

/// The areas of one file.
#[derive(Clone, Debug, PartialEq)]
pub struct Geography {
    // INVARIANT: at least one area; every ring has at least three corners, finite and in degrees.
    areas: Vec<Area>,
}

/// One area: the codes written on it and its rings, outer and inner alike (the even-odd rule tells them apart).
#[derive(Clone, Debug, PartialEq)]
struct Area {
    codes: BTreeMap<String, String>,
    rings: Vec<Vec<Position>>,
}

/// Why a file of areas cannot be read.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum GeographyError {
    /// The text is not JSON.
    #[error("line {line}, column {column}: not JSON")]
    NotJson {
        /// The line.
        line: usize,
        /// The column.
        column: usize,
    },
    /// The document is something else than a collection of features.
    #[error("not a GeoJSON `FeatureCollection`")]
    NotFeatures,
    /// There is no feature in it.
    #[error("no area in the file")]
    Empty,
    /// A feature is neither `Polygon` nor `MultiPolygon`, or its rings are not lines of positions.
    #[error("feature {feature}: not a `Polygon` or `MultiPolygon` with whole rings")]
    Geometry {
        /// Its place in the file, from 1.
        feature: usize,
    },
    /// A position lies outside the degrees of the globe, as metres of a projected system do.
    #[error("feature {feature}: positions are not longitude and latitude in degrees (WGS 84)")]
    NotDegrees {
        /// Its place in the file, from 1.
        feature: usize,
    },
}

impl Geography {
    /// Reads a GeoJSON text.
    ///
    /// # Errors
    /// [`GeographyError`] when it is not a collection of polygons in degrees.
    pub fn parse(text: &str) -> Result<Geography, GeographyError> {
        let document: Value =
            serde_json::from_str(text).map_err(|fault| GeographyError::NotJson {
                line: fault.line(),
                column: fault.column(),
            })?;
        if document["type"] != "FeatureCollection" {
            return Err(GeographyError::NotFeatures);
        }
        let features = document["features"]
            .as_array()
            .ok_or(GeographyError::NotFeatures)?;
        let areas: Vec<Area> = features
            .iter()
            .enumerate()
            .map(|(place, feature)| area(place + 1, feature))
            .collect::<Result<_, _>>()?;
        match areas.is_empty() {
            true => Err(GeographyError::Empty),
            false => Ok(Geography { areas }),
        }
    }

    /// True when the categories of a dimension are areas of this file.
    pub fn shows(&self, dimension: &Dimension) -> bool {
        self.property_of(dimension).is_some()
    }

    /// The property by which categories find their areas: the one named as the dimension, when some area bears a category; else `code`, when every category is one.
    pub(crate) fn property_of<'a>(&self, dimension: &'a Dimension) -> Option<&'a str> {
        let named = self.codes(&dimension.id);
        let mut categories = dimension.categories.iter().map(|each| each.id.as_str());
        if categories.clone().any(|id| named.contains(id)) {
            return Some(&dimension.id);
        }
        let own = self.codes(CODE);
        let is_whole = !dimension.categories.is_empty() && categories.all(|id| own.contains(id));
        is_whole.then_some(CODE)
    }

    fn codes(&self, property: &str) -> BTreeSet<&str> {
        self.areas
            .iter()
            .filter_map(|area| area.codes.get(property).map(String::as_str))
            .collect()
    }

    /// The rings of every code of a property, in the order of the codes; areas with the same code come together.
    pub(crate) fn rings(&self, property: &str) -> BTreeMap<&str, Vec<&[Position]>> {
        let mut rings: BTreeMap<&str, Vec<&[Position]>> = BTreeMap::new();
        for area in &self.areas {
            let Some(code) = area.codes.get(property) else {
                continue;
            };
            let own = area.rings.iter().map(Vec::as_slice);
            rings.entry(code).or_default().extend(own);
        }
        rings
    }
}

fn area(feature: usize, value: &Value) -> Result<Area, GeographyError> {
    let wrong = || GeographyError::Geometry { feature };
    let geometry = &value["geometry"];
    let coordinates = &geometry["coordinates"];
    let rings = match geometry["type"].as_str() {
        Some("Polygon") => polygon(feature, coordinates)?,
        Some("MultiPolygon") => {
            let parts = coordinates.as_array().ok_or_else(wrong)?;
            let parts = parts.iter().map(|part| polygon(feature, part));
            parts.collect::<Result<Vec<_>, _>>()?.concat()
        }
        _ => return Err(wrong()),
    };
    if rings.is_empty() {
        return Err(wrong());
    }
    Ok(Area {
        codes: codes(&value["properties"]),
        rings,
    })
}

/// The properties that can be codes: texts and whole numbers.
fn codes(properties: &Value) -> BTreeMap<String, String> {
    let entries = properties.as_object().into_iter().flatten();
    let code = |(name, value): (&String, &Value)| {
        let code = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
        };
        Some((name.clone(), code))
    };
    entries.filter_map(code).collect()
}

fn polygon(feature: usize, value: &Value) -> Result<Vec<Vec<Position>>, GeographyError> {
    let rings = value
        .as_array()
        .ok_or(GeographyError::Geometry { feature })?;
    rings.iter().map(|each| ring(feature, each)).collect()
}

fn ring(feature: usize, value: &Value) -> Result<Vec<Position>, GeographyError> {
    let wrong = || GeographyError::Geometry { feature };
    let corners = value.as_array().ok_or_else(wrong)?;
    let mut ring: Vec<Position> = Vec::with_capacity(corners.len());
    for corner in corners {
        let (Some(longitude), Some(latitude)) = (corner[0].as_f64(), corner[1].as_f64()) else {
            return Err(wrong());
        };
        if longitude.abs() > 180.0 || latitude.abs() > 90.0 {
            return Err(GeographyError::NotDegrees { feature });
        }
        ring.push((longitude, latitude));
    }
    // The last position repeats the first.
    if ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    match ring.len() {
        0..3 => Err(wrong()),
        _ => Ok(ring),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn refused(text: &str) -> GeographyError {
        Geography::parse(text).unwrap_err()
    }

    fn one(geometry: &str) -> String {
        format!(
            r#"{{"type":"FeatureCollection","features":[{{"properties":{{"code":7}},"geometry":{geometry}}}]}}"#
        )
    }

    #[test]
    fn what_is_no_map_is_refused() {
        assert_eq!(
            refused("{\n x"),
            GeographyError::NotJson { line: 2, column: 2 }
        );
        assert_eq!(refused("{}"), GeographyError::NotFeatures);
        assert_eq!(refused("[]"), GeographyError::NotFeatures);
        assert_eq!(
            refused(r#"{"type":"FeatureCollection","features":[]}"#),
            GeographyError::Empty
        );
        for geometry in [
            "null",
            r#"{"type":"Point","coordinates":[1,2]}"#,
            r#"{"type":"Polygon","coordinates":[]}"#,
            r#"{"type":"Polygon","coordinates":[[[1,1],[2,2],[1,1]]]}"#,
            r#"{"type":"Polygon","coordinates":[[[1,"a"],[2,2],[3,1]]]}"#,
            r#"{"type":"MultiPolygon","coordinates":[[[1,1],[2,2],[1,3]]]}"#,
        ] {
            let wrong = GeographyError::Geometry { feature: 1 };
            assert_eq!(refused(&one(geometry)), wrong, "{geometry}");
        }
        let metres = r#"{"type":"Polygon","coordinates":[[[652000,4945000],[653000,4945000],[652500,4946000]]]}"#;
        assert_eq!(
            refused(&one(metres)),
            GeographyError::NotDegrees { feature: 1 }
        );
    }

    #[test]
    fn parts_and_holes_are_rings_and_numbers_are_codes() {
        let text = one(
            r#"{"type":"MultiPolygon","coordinates":[[[[0,0],[4,0],[4,4],[0,0]],[[2,1],[3,1],[3,2],[2,1]]],[[[9,0],[10,0],[10,1]]]]}"#,
        );
        let geography = Geography::parse(&text).unwrap();
        let rings = geography.rings(CODE);
        assert_eq!(rings["7"].len(), 3);
        assert!(rings["7"].iter().all(|ring| ring.len() == 3));
    }
}
