//! What a person sees at a terminal, and what programs get where there is none.

mod answers;
mod colours;
mod questions;
