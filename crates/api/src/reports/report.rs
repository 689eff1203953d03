//! What all reports have in common: totals and rows, each with the lists behind its figures.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::PgConnection;
use domain::Timestamp;
use domain::reports::Span;
use serde::Serialize;
use utoipa::openapi::schema::{
    AllOfBuilder, ArrayBuilder, ObjectBuilder, OneOfBuilder, Schema, Type,
};
use utoipa::openapi::{Ref as SchemaRef, RefOr};
use utoipa::{PartialSchema, ToSchema};

use crate::BASE;
use crate::figures::figure::Figure;
use crate::problem::Problem;
use crate::reports::groups::{Group, groups};
use crate::reports::request::{ReportRequest, Rows};

/// The lists behind figures, by the name of the figure.
pub type Links = BTreeMap<String, String>;

/// The figures of a report, of a whole span or of a row.
pub trait Figures: Serialize + ToSchema + Default {
    /// What the document calls the report, and a row of it.
    const REPORT: &'static str;
    const ROW: &'static str;
    /// The figures that open a list, each with its name as a member.
    const LINKS: &'static [(&'static str, Figure)];

    fn set_links(&mut self, links: Links);
}

/// A report.
#[derive(Debug, Serialize)]
pub struct Report<F> {
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub zone: String,
    pub generated_at: Timestamp,
    pub totals: F,
    pub previous: Option<F>,
    pub rows: Vec<Row<F>>,
}

/// A row of a report.
#[derive(Debug, Serialize)]
pub struct Row<F> {
    pub bucket: Option<Days>,
    pub group: Option<Group>,
    #[serde(flatten)]
    pub figures: F,
}

/// A part of the period of a report.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
#[schema(as = ReportDays)]
pub struct Days {
    /// The first date.
    pub from: NaiveDate,
    /// The date before which it ends.
    pub to: NaiveDate,
}

impl From<Span> for Days {
    fn from(span: Span) -> Self {
        Self { from: span.from, to: span.to }
    }
}

/// What was counted: as a whole, and by row.
#[derive(Debug)]
pub struct Counted<F> {
    pub totals: F,
    /// By part: the place of a bucket, or the value of a group; none: tickets without one.
    pub parts: BTreeMap<Option<String>, F>,
}

impl<F: Default> Default for Counted<F> {
    fn default() -> Self {
        Self { totals: F::default(), parts: BTreeMap::new() }
    }
}

impl<F: Default> Counted<F> {
    /// The figures of the whole, or of a part.
    pub fn at(&mut self, part: Option<String>, is_total: bool) -> &mut F {
        if is_total { &mut self.totals } else { self.parts.entry(part).or_default() }
    }
}

/// Puts a report together: what `count` counts, and where that is asked the span before.
pub fn report<F: Figures>(
    request: &ReportRequest,
    public_url: &str,
    conn: &mut PgConnection,
    count: impl Fn(&ReportRequest, &mut PgConnection) -> Result<Counted<F>, Problem>,
) -> Result<Report<F>, Problem> {
    let Counted { mut totals, parts } = count(request, conn)?;
    let linked = |figures: &mut F, of: &ReportRequest, span, group: Option<&Group>| {
        figures.set_links(links::<F>(of, public_url, span, group));
    };
    linked(&mut totals, request, request.span, None);
    let before = request.previous();
    let previous = match request.compares {
        true => {
            let mut previous = count(&before, conn)?.totals;
            linked(&mut previous, &before, before.span, None);
            Some(previous)
        }
        false => None,
    };
    let mut rows = rows(request, parts, conn)?;
    for row in &mut rows {
        let span = row.bucket.map_or(request.span, |it| Span { from: it.from, to: it.to });
        linked(&mut row.figures, request, span, row.group.as_ref());
    }
    Ok(Report {
        from: request.span.from,
        to: request.span.to,
        zone: request.caller.rules.calendar.zone().to_string(),
        generated_at: request.caller.now.into(),
        totals,
        previous,
        rows,
    })
}

/// Every bucket, whatever happened in it; of groups those in which anything did, by name.
fn rows<F: Figures>(
    request: &ReportRequest,
    mut parts: BTreeMap<Option<String>, F>,
    conn: &mut PgConnection,
) -> Result<Vec<Row<F>>, Problem> {
    match &request.rows {
        Rows::None => Ok(Vec::new()),
        Rows::Buckets(buckets) => {
            let rows = buckets.iter().enumerate().map(|(place, span)| Row {
                bucket: Some((*span).into()),
                group: None,
                figures: parts.remove(&Some(place.to_string())).unwrap_or_default(),
            });
            Ok(rows.collect())
        }
        Rows::Groups(group_by) => {
            let values: Vec<Option<String>> = parts.keys().cloned().collect();
            let named = groups(*group_by, &values, request.caller.language, conn)?;
            let rows = named.into_iter().map(|(value, group)| Row {
                bucket: None,
                group: Some(group),
                figures: parts.remove(&value).unwrap_or_default(),
            });
            Ok(rows.collect())
        }
    }
}

/// A row without figures, for a table that has none; totals have the other columns.
pub fn blank_row<F: Figures>(rows: &Rows) -> Row<F> {
    let group = matches!(rows, Rows::Groups(_)).then(Group::default);
    Row { bucket: None, group, figures: F::default() }
}

/// The lists behind the figures of a span or a group; none where a list cannot tell the group.
fn links<F: Figures>(
    request: &ReportRequest,
    public_url: &str,
    span: Span,
    group: Option<&Group>,
) -> Links {
    let links = F::LINKS.iter().filter_map(|(name, figure)| {
        Some(((*name).to_owned(), link(request, public_url, *figure, span, group)?))
    });
    links.collect()
}

/// The list behind a figure.
pub fn link(
    request: &ReportRequest,
    public_url: &str,
    figure: Figure,
    span: Span,
    group: Option<&Group>,
) -> Option<String> {
    let mut parameters = request.parameters();
    if let (Rows::Groups(group_by), Some(group)) = (&request.rows, group) {
        let name = group_by.parameter();
        parameters.retain(|(it, _)| *it != name);
        parameters.push((name, group.parameter(*group_by)?));
    }
    let narrowed = parameters.iter().map(|(name, value)| format!("&{name}={value}"));
    let narrowed: String = narrowed.collect();
    let Span { from, to } = span;
    Some(format!("{public_url}{BASE}/tickets?figure={figure}&from={from}&to={to}{narrowed}"))
}

impl<F: Figures> PartialSchema for Report<F> {
    fn schema() -> RefOr<Schema> {
        let figures = || SchemaRef::from_schema_name(F::name());
        let mut totals = figures();
        totals.description = "The totals.".to_owned();
        let text = |format: &str, about: &str| {
            ObjectBuilder::new()
                .schema_type(Type::String)
                .format(Some(utoipa::openapi::SchemaFormat::Custom(format.to_owned())))
                .description(Some(about))
        };
        let previous = OneOfBuilder::new()
            .item(ObjectBuilder::new().schema_type(Type::Null))
            .item(figures())
            .description(Some(
                "The totals of the same number of days before, if `compare` asks for them.",
            ));
        let rows = ArrayBuilder::new()
            .items(SchemaRef::from_schema_name(F::ROW))
            .description(Some("In order of time, or of the groups' names."));
        let zone = ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("The time zone in which its days begin."));
        let generated = text("date-time", "The instant that the figures show.");
        ObjectBuilder::new()
            .description(Some("A report."))
            .property("from", text("date", "The first date."))
            .required("from")
            .property("to", text("date", "The date before which it ends."))
            .required("to")
            .property("zone", zone)
            .required("zone")
            .property("generated_at", generated)
            .required("generated_at")
            .property("totals", totals)
            .required("totals")
            .property("previous", previous)
            .required("previous")
            .property("rows", rows)
            .required("rows")
            .into()
    }
}

impl<F: Figures> ToSchema for Report<F> {
    fn name() -> Cow<'static, str> {
        F::REPORT.into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((F::name().into_owned(), F::schema()));
        F::schemas(schemas);
        schemas.push((F::ROW.to_owned(), Row::<F>::schema()));
        for (name, schema) in [(Days::name(), Days::schema()), (Group::name(), Group::schema())] {
            schemas.push((name.into_owned(), schema));
        }
    }
}

impl<F: Figures> PartialSchema for Row<F> {
    fn schema() -> RefOr<Schema> {
        let or_null = |name: Cow<'static, str>, about: &str| {
            OneOfBuilder::new()
                .item(ObjectBuilder::new().schema_type(Type::Null))
                .item(SchemaRef::from_schema_name(name))
                .description(Some(about))
        };
        let place = ObjectBuilder::new()
            .property(
                "bucket",
                or_null(Days::name(), "Its part of the period, if the period is divided."),
            )
            .required("bucket")
            .property("group", or_null(Group::name(), "Its group, if the rows are groups."))
            .required("group");
        AllOfBuilder::new()
            .item(SchemaRef::from_schema_name(F::name()))
            .item(place)
            .description(Some("A row of a report."))
            .into()
    }
}
