//! Headers and trailers.

use crate::bindings::exports::wasi::http::types::{Fields as Exported, GuestFields, HeaderError};
use crate::bindings::wasi::http::types as host;

/// Headers of the guarded component's own, or of an answer. The key is in none of them.
pub(crate) struct Fields {
    inner: host::Fields,
    /// They belong to a request that was made or to an answer.
    fixed: bool,
}

impl Fields {
    pub(crate) fn fixed(inner: host::Fields) -> Exported {
        Exported::new(Self { inner, fixed: true })
    }

    pub(crate) fn into_host(self) -> host::Fields {
        self.inner
    }

    fn change(&self, change: impl FnOnce(&host::Fields) -> Result<(), HeaderError>) -> Result<(), HeaderError> {
        if self.fixed { Err(HeaderError::Immutable) } else { change(&self.inner) }
    }
}

impl GuestFields for Fields {
    fn new() -> Self {
        Self { inner: host::Fields::new(), fixed: false }
    }

    fn from_list(entries: Vec<(String, Vec<u8>)>) -> Result<Exported, HeaderError> {
        let inner = host::Fields::from_list(&entries)?;
        Ok(Exported::new(Self { inner, fixed: false }))
    }

    fn get(&self, name: String) -> Vec<Vec<u8>> {
        self.inner.get(&name)
    }

    fn has(&self, name: String) -> bool {
        self.inner.has(&name)
    }

    fn set(&self, name: String, value: Vec<Vec<u8>>) -> Result<(), HeaderError> {
        self.change(|fields| fields.set(&name, &value))
    }

    fn delete(&self, name: String) -> Result<(), HeaderError> {
        self.change(|fields| fields.delete(&name))
    }

    fn append(&self, name: String, value: Vec<u8>) -> Result<(), HeaderError> {
        self.change(|fields| fields.append(&name, &value))
    }

    fn entries(&self) -> Vec<(String, Vec<u8>)> {
        self.inner.entries()
    }

    /// From the list: in one host, a clone shares its entries with what it was cloned from.
    fn clone(&self) -> Exported {
        let inner = host::Fields::from_list(&self.inner.entries()).unwrap_or_else(|_| self.inner.clone());
        Exported::new(Self { inner, fixed: false })
    }
}
