//! An S3 bucket.

use std::time::Duration;

use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};
use object_store::client::ClientConfigKey;
use object_store::path::Path;
use object_store::{BackoffConfig, RetryConfig};

/// How long a failed request is retried: as long as somebody waits for the response.
const RETRY_TIMEOUT: Duration = Duration::from_secs(5);

/// The maximum number of retries.
const RETRIES: usize = 3;

/// How long the bucket may be silent. A whole response may take as long as its reader needs.
const READ_TIMEOUT: &str = "30 seconds";

/// The time limit of a whole response: longer than any download that somebody waits for.
const MAX_RESPONSE_TIME: &str = "1 day";

/// The bucket of `bucket/prefix`, with the settings of the `AWS_*` variables, and the prefix.
/// Errors: the sentence that says what is wrong with the settings.
pub fn open(address: &str) -> Result<(AmazonS3, Path), String> {
    let (bucket, prefix) = address.split_once('/').unwrap_or((address, ""));
    if bucket.is_empty() {
        return Err("HELPDESK_STORAGE_URL: s3:// names no bucket".to_owned());
    }
    let wrong = |cause: &dyn std::fmt::Display| format!("HELPDESK_STORAGE_URL: {cause}");
    let prefix = Path::parse(prefix).map_err(|cause| wrong(&cause))?;
    let client = AmazonS3ConfigKey::Client;
    let store = AmazonS3Builder::from_env()
        .with_bucket_name(bucket)
        .with_retry(RetryConfig {
            backoff: BackoffConfig::default(),
            max_retries: RETRIES,
            retry_timeout: RETRY_TIMEOUT,
        })
        .with_config(client(ClientConfigKey::ReadTimeout), READ_TIMEOUT)
        .with_config(client(ClientConfigKey::Timeout), MAX_RESPONSE_TIME)
        // Files are deleted one by one, since not every provider deletes many at once.
        .with_config(AmazonS3ConfigKey::DisableBulkDelete, "true")
        .build()
        .map_err(|cause| wrong(&cause))?;
    Ok((store, prefix))
}
