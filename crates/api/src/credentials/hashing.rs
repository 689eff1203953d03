//! How passwords are hashed and compared: Argon2id, in memory that is allocated once.

use std::sync::{LazyLock, Mutex, PoisonError};

use argon2::password_hash::phc::{Output, ParamsString, Salt};
use argon2::{Algorithm, Argon2, Block, Params, PasswordHash, Version};

use crate::problem::Problem;

/// A hash with the parameters of [`Memory::hash`] that belongs to no password.
const UNKNOWN: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5a25vd3N0aGlz$\
    yWYNSYsFuZz1qxkwWYPfNPTYXlJoxhRn8mqSZTvmqGo";

/// The memory for hashing one password at a time: 19 MiB, allocated once and reused.
#[derive(Debug)]
pub struct Memory(Vec<Block>);

impl Memory {
    pub fn new() -> Self {
        Self(vec![Block::new(); Params::DEFAULT.block_count()])
    }

    /// Hashes a password with Argon2id (19 MiB, two passes, a salt of its own).
    /// Errors: a failure of the library.
    pub fn hash(&mut self, password: &str) -> Result<String, Problem> {
        let salt: [u8; Salt::RECOMMENDED_LENGTH] = rand::random();
        let mut out = [0; Params::DEFAULT_OUTPUT_LEN];
        Argon2::default()
            .hash_password_into_with_memory(password.as_bytes(), &salt, &mut out, &mut self.0)
            .map_err(Problem::unexpected)?;
        let hash = PasswordHash {
            algorithm: Algorithm::default().ident(),
            version: Some(Version::default().into()),
            params: ParamsString::try_from(&Params::DEFAULT).map_err(Problem::unexpected)?,
            salt: Some(Salt::new(&salt).map_err(Problem::unexpected)?),
            hash: Some(Output::new(&out).map_err(Problem::unexpected)?),
        };
        Ok(hash.to_string())
    }

    /// Whether a password matches the hash. Without a hash the same time is spent and the result is false, so
    /// that a missing account looks like one with another password.
    pub fn is_password(&mut self, password: &str, hash: Option<&str>) -> bool {
        let matches = self.matches(password, hash.unwrap_or(UNKNOWN)).unwrap_or(false);
        matches && hash.is_some()
    }

    /// None for a hash that cannot be read.
    fn matches(&mut self, password: &str, hash: &str) -> Option<bool> {
        let hash = PasswordHash::new(hash).ok()?;
        let (salt, expected) = (hash.salt?, hash.hash?);
        let algorithm = Algorithm::try_from(hash.algorithm.as_str()).ok()?;
        let version = hash.version.map_or(Ok(Version::default()), Version::try_from).ok()?;
        let params = Params::try_from(&hash).ok()?;
        // Other parameters may need more memory; such a hash is replaced at the next sign-in.
        self.0.resize(self.0.len().max(params.block_count()), Block::new());
        let mut out = vec![0; expected.len()];
        Argon2::new(algorithm, version, params)
            .hash_password_into_with_memory(password.as_bytes(), &salt, &mut out, &mut self.0)
            .ok()?;
        // In constant time, as the library compares them.
        Some(Output::new(&out).ok()? == expected)
    }
}

/// Whether a hash was not made with the parameters of [`Memory::hash`]: the next sign-in replaces it (AU02).
pub fn is_outdated(hash: &str) -> bool {
    let parameters = |it: &str| it.split('$').take(4).map(str::to_owned).collect::<Vec<_>>();
    parameters(hash) != parameters(UNKNOWN)
}

/// Hashes a password for which no client waits, one at a time: for jobs and commands.
/// Errors: a failure of the library.
pub fn hash(password: &str) -> Result<String, Problem> {
    static MEMORY: LazyLock<Mutex<Memory>> = LazyLock::new(|| Mutex::new(Memory::new()));

    MEMORY.lock().unwrap_or_else(PoisonError::into_inner).hash(password)
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::PasswordVerifier as _;

    use super::*;

    /// AU01: the hash of nobody has the parameters of a real one, and no password.
    #[test]
    fn sec_au01_the_hash_of_nobody_costs_the_same() {
        let real = hash("some password").expect("a hash");

        assert!(PasswordHash::new(UNKNOWN).is_ok());
        assert!(!is_outdated(&real));
        assert!(is_outdated(&real.replace("t=2", "t=1")));
        assert!(!Memory::new().is_password("", None));
    }

    /// AU02: what is hashed in fixed memory is what the library hashes, whatever
    /// the memory held before.
    #[test]
    fn sec_au02_hashes_in_fixed_memory_are_those_of_the_library() {
        let mut memory = Memory::new();

        let (one, other) = (memory.hash("вечер").expect("a hash"), memory.hash("вечер"));

        assert_ne!(Some(&one), other.as_ref().ok(), "a salt each");
        let parsed = PasswordHash::new(&one).expect("a hash");
        assert!(Argon2::default().verify_password("вечер".as_bytes(), &parsed).is_ok());
        assert!(memory.is_password("вечер", Some(&one)));
        assert!(!memory.is_password("утро", Some(&one)));
        assert!(!memory.is_password("вечер", Some("no hash")));
    }
}
