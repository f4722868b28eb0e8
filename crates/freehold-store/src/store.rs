//! Jobs over the directory's [`Store`]: what handlers and commands use.

use std::future::Future;

use freehold_directory::Store;

use crate::{Database, StoreError, sql::SqlStore};

impl Database {
    /// Runs a job that may write, as one transaction; see [`Database::write_tx`].
    ///
    /// # Errors
    /// The job's own, after which nothing it wrote is kept, or a [`StoreError`].
    pub fn write<F, T, E>(
        &self,
        mut job: F,
    ) -> impl Future<Output = Result<T, E>> + Send + use<F, T, E>
    where
        F: FnMut(&mut dyn Store) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.write_tx(move |tx| job(&mut SqlStore(tx)))
    }

    /// Runs a job that only reads, and shortly; see [`Database::read_tx`].
    ///
    /// # Errors
    /// The job's own, or a [`StoreError`].
    pub fn read<F, T, E>(
        &self,
        mut job: F,
    ) -> impl Future<Output = Result<T, E>> + Send + use<F, T, E>
    where
        F: FnMut(&mut dyn Store) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.read_tx(move |tx| job(&mut SqlStore(tx)))
    }

    /// Runs a job that reads much; see [`Database::scan_tx`].
    ///
    /// # Errors
    /// The job's own, or a [`StoreError`].
    pub fn scan<F, T, E>(
        &self,
        mut job: F,
    ) -> impl Future<Output = Result<T, E>> + Send + use<F, T, E>
    where
        F: FnMut(&mut dyn Store) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.scan_tx(move |tx| job(&mut SqlStore(tx)))
    }

    /// As [`Database::write`] for a program without an asynchronous runtime.
    ///
    /// # Errors
    /// As [`Database::write`].
    ///
    /// # Panics
    /// When called from asynchronous code.
    pub fn write_blocking<F, T, E>(&self, mut job: F) -> Result<T, E>
    where
        F: FnMut(&mut dyn Store) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.write_tx_blocking(move |tx| job(&mut SqlStore(tx)))
    }

    /// As [`Database::scan`] for a program without an asynchronous runtime.
    ///
    /// # Errors
    /// As [`Database::scan`].
    ///
    /// # Panics
    /// When called from asynchronous code.
    pub fn read_blocking<F, T, E>(&self, mut job: F) -> Result<T, E>
    where
        F: FnMut(&mut dyn Store) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.read_tx_blocking(move |tx| job(&mut SqlStore(tx)))
    }
}
