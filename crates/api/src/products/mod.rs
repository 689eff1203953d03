//! The catalogue of products («Наименование продукта»); each belongs to a direction.

pub(crate) mod store;

use actix_web::web::{Data, Path};
use actix_web::{get, patch, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::audit::audited::Audited;
use crate::audit::entity::Entity;
use crate::db::Db;
use crate::events::done::Done;
use crate::http::caller::Caller;
use crate::http::page::{DEFAULT_LIMIT, List, Paged};
use crate::http::query::Query;
use crate::http::refs::Ref;
use crate::http::response::{ApiResponse, IfMatch, WithEtag};
use crate::http::validation::Valid;
use crate::idempotency::idempotent::Idempotent;
use crate::problem::Problem;
use crate::products::store::ProductRow;

/// A product.
#[derive(Debug, Serialize, ToSchema)]
pub struct Product {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The direction that supports it.
    pub direction: Ref,
    /// Whether new tickets may name it.
    pub is_active: bool,
    /// Rises with every change.
    pub version: i32,
}

impl From<(ProductRow, String)> for Product {
    fn from((row, direction): (ProductRow, String)) -> Self {
        Self {
            id: row.id,
            name: row.name,
            direction: Ref::new(row.direction_id, direction),
            is_active: row.is_active,
            version: row.version,
        }
    }
}

/// A page of products.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProductPage {
    /// In the order of their creation.
    pub items: Vec<Product>,
    /// Where the next page begins; null on the last one.
    #[schema(required = true)]
    pub next_cursor: Option<String>,
}

/// Which products to list.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ProductQuery {
    /// Those of one direction.
    #[param(minimum = 1, nullable = false)]
    pub direction_id: Option<i64>,
    /// How many items to answer.
    #[serde(skip_serializing_if = "crate::http::page::is_no_filter")]
    #[param(minimum = 1, maximum = 100, default = 25, nullable = false)]
    pub limit: Option<i64>,
    /// `next_cursor` of the page before.
    #[serde(skip_serializing_if = "crate::http::page::is_no_filter")]
    #[param(max_length = 500, nullable = false)]
    pub cursor: Option<String>,
}

/// A new product.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductCreate {
    /// Its name, unique in the direction whatever the case of its letters.
    #[schema(max_length = 200, pattern = r"\S", example = "MES2324FB")]
    pub name: String,
    /// The direction that supports it.
    #[schema(minimum = 1)]
    pub direction_id: i64,
}

/// What is to change about a product.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductPatch {
    /// Its new name.
    #[schema(max_length = 200, pattern = r"\S", nullable = false)]
    pub name: Option<String>,
    /// Whether new tickets may name it.
    #[schema(nullable = false)]
    pub is_active: Option<bool>,
}

/// List products
#[utoipa::path(
    tag = "products",
    operation_id = "products_list",
    params(ProductQuery),
    responses((status = 200, description = "A page of products", body = ProductPage)),
)]
#[get("/products")]
pub async fn list(
    db: Data<Db>,
    _caller: Caller,
    Query(query): Query<ProductQuery>,
) -> Result<Paged<ProductPage>, Problem> {
    let list = List::new(("products", &query));
    let after = list.after(query.cursor.as_deref())?;
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    let work = move |conn: &mut _| Ok(ProductRow::page(query.direction_id, after, limit, conn)?);
    let (rows, next_cursor) = list.page(db.run(work).await?, limit, |(it, _)| it.id);
    Ok(Paged::new(next_cursor, |next_cursor| ProductPage {
        items: rows.into_iter().map(Product::from).collect(),
        next_cursor,
    }))
}

/// Create a product
#[utoipa::path(
    tag = "products",
    operation_id = "products_create",
    request_body = ProductCreate,
    responses((status = 201, description = "The product", body = Product)),
)]
#[post("/products")]
pub async fn create(
    once: Idempotent,
    caller: Caller,
    audited: Audited,
    Valid(new): Valid<ProductCreate>,
) -> Result<ApiResponse, Problem> {
    let work = move |conn: &mut _| {
        let id = ProductRow::create(&new, caller.now, conn)?;
        audited.create(Entity::Product, id, conn)?;
        let product = Product::from(ProductRow::find(id, conn)?);
        Ok(Done::new(WithEtag::created(product.version, product, format!("/api/v1/products/{id}"))))
    };
    once.run(work).await
}

/// Show a product
#[utoipa::path(
    tag = "products",
    operation_id = "products_get",
    params(("id" = i64, Path, description = "The product")),
    responses((status = 200, description = "The product", body = Product)),
)]
#[get("/products/{id}")]
pub async fn get(
    db: Data<Db>,
    _caller: Caller,
    id: Path<i64>,
) -> Result<WithEtag<Product>, Problem> {
    let product: Product = db.run(move |conn| Ok(ProductRow::find(*id, conn)?)).await?.into();
    Ok(WithEtag::new(product.version, product))
}

/// Edit a product
///
/// One that is switched off stays on the tickets that name it; new ones may not.
#[utoipa::path(
    tag = "products",
    operation_id = "products_update",
    params(("id" = i64, Path, description = "The product")),
    request_body = ProductPatch,
    responses((status = 200, description = "The product, changed", body = Product)),
)]
#[patch("/products/{id}")]
pub async fn update(
    db: Data<Db>,
    audited: Audited,
    id: Path<i64>,
    if_match: IfMatch,
    Valid(patch): Valid<ProductPatch>,
) -> Result<WithEtag<Product>, Problem> {
    let id = *id;
    let work = move |conn: &mut _| {
        let row = ProductRow::lock(id, conn)?;
        if_match.check(row.version)?;
        row.edit(&patch, conn)?;
        Ok(ProductRow::find(id, conn)?)
    };
    let product: Product = db.transaction(audited.update(Entity::Product(id), work)).await?.into();
    Ok(WithEtag::new(product.version, product))
}
