//! Connections that are kept to one organization or one user: nothing of others is touched, and nothing of them comes back.

mod crossing;
mod edges;
mod inside;
mod tenants;
