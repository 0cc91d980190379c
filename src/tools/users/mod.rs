//! Users: the people who sign in to the application.

mod access;
mod factors;
mod find;
mod get;
mod list;
mod offboard;
mod report;
mod sign_in;
#[cfg(test)]
mod tests;
mod update;
mod user;

use crate::tool::Toolset;

pub(crate) const TOOLSET: Toolset = Toolset {
    name: "users",
    tools: &[
        &list::LIST_USERS,
        &list::COUNT_USERS,
        &get::GET_USER,
        &find::FIND_USER,
        &list::LIST_USER_ORGANIZATIONS,
        &report::GET_USER_ACCESS_REPORT,
        &update::CREATE_USER,
        &update::UPDATE_USER,
        &update::UPDATE_USER_METADATA,
        &access::LOCK_USER,
        &access::UNLOCK_USER,
        &access::BAN_USER,
        &access::UNBAN_USER,
        &offboard::OFFBOARD_USER,
        &update::DELETE_USER,
        &factors::ADD_EMAIL_ADDRESS,
        &factors::RESET_SECOND_FACTORS,
    ],
};
