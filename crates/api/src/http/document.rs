//! What handlers contribute to the document by name: headers that extractors read, and failures that only some
//! operations have.

use std::collections::BTreeMap;

use utoipa::IntoResponses;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::response::Response;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};
use utoipa::openapi::{Ref, RefOr};

/// The greatest id: every JSON parser handles integers up to here exactly.
pub const MAX_ID: i64 = 9_007_199_254_740_991;

/// The default maximum length of a header that an extractor reads, in bytes.
const MAX_HEADER: usize = 1000;

/// A header that an extractor reads.
pub fn header(name: &str, description: &str) -> Parameter {
    let text = ObjectBuilder::new().schema_type(Type::String).max_length(Some(MAX_HEADER));
    header_as(name, description, text.build())
}

/// A header with a format of its own.
pub fn header_as(name: &str, description: &str, schema: Object) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .description(Some(description))
        .schema(Some(schema))
        .build()
}

macro_rules! failures {
    ($($name:ident = $status:literal;)+) => { $(
        /// The shared response of this name.
        pub struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                let shared = Ref::new(concat!("#/components/responses/", stringify!($name)));
                BTreeMap::from([($status.to_owned(), shared.into())])
            }
        }
    )+ };
}

failures! {
    Unauthorized = "401";
    Gone = "410";
    RangeNotSatisfiable = "416";
}
