//! The filters and orders that lists of users and lists of members have in common.

use std::cmp::Ordering;

use super::User;
use crate::query::{Choice, Query, absent_last};

/// Which users are asked for. What was not asked for restricts nothing.
pub(crate) struct Filter {
    ids: Choice,
    email_addresses: Vec<String>,
    phone_numbers: Vec<String>,
    usernames: Vec<String>,
    web3_wallets: Vec<String>,
    text: Option<String>,
    email_address_text: Option<String>,
    phone_number_text: Option<String>,
    username_text: Option<String>,
    name_text: Option<String>,
    active: Span,
    created: Span,
}

/// A range of moments, without its ends.
pub(crate) struct Span {
    after: Option<i64>,
    before: Option<i64>,
}

impl Span {
    pub(crate) fn read(query: &mut Query, after: &str, before: &str) -> Self {
        Self { after: query.milliseconds(after), before: query.milliseconds(before) }
    }

    /// What never happened is in no range but the one without limits.
    pub(crate) fn contains(&self, moment: Option<i64>) -> bool {
        self.after.is_none_or(|after| moment.is_some_and(|moment| moment > after))
            && self.before.is_none_or(|before| moment.is_some_and(|moment| moment < before))
    }
}

impl Filter {
    pub(crate) fn read(query: &mut Query) -> Self {
        Self {
            ids: query.choice("user_id"),
            email_addresses: folded(query.texts("email_address")),
            phone_numbers: query.texts("phone_number"),
            usernames: folded(query.texts("username")),
            web3_wallets: folded(query.texts("web3_wallet")),
            text: query.folded("query"),
            email_address_text: query.folded("email_address_query"),
            phone_number_text: query.folded("phone_number_query"),
            username_text: query.folded("username_query"),
            name_text: query.folded("name_query"),
            active: Span::read(query, "last_active_at_after", "last_active_at_before"),
            created: Span::read(query, "created_at_after", "created_at_before"),
        }
    }

    pub(crate) fn matches(&self, user: &User) -> bool {
        self.ids.allows(&user.id)
            && self.has_wanted_identifiers(user)
            && self.text.as_deref().is_none_or(|text| has_anywhere(user, text))
            && self.email_address_text.as_deref().is_none_or(|text| has_email(user, text))
            && self.phone_number_text.as_deref().is_none_or(|text| has_phone(user, text))
            && self.username_text.as_deref().is_none_or(|text| has_username(user, text))
            && self.name_text.as_deref().is_none_or(|text| has_name(user, text))
            && self.active.contains(user.last_active_at)
            && self.created.contains(Some(user.created_at))
    }

    fn has_wanted_identifiers(&self, user: &User) -> bool {
        let wants = |wanted: &[String], has: &dyn Fn(&String) -> bool| wanted.is_empty() || wanted.iter().any(has);
        wants(&self.email_addresses, &|wanted| user.has_email(wanted))
            && wants(&self.phone_numbers, &|wanted| {
                user.phone_numbers.iter().any(|phone| phone.phone_number == *wanted)
            })
            && wants(&self.usernames, &|wanted| user.username.as_ref() == Some(wanted))
            && wants(&self.web3_wallets, &|wanted| user.web3_wallets.iter().any(|wallet| wallet.web3_wallet == *wanted))
    }
}

fn folded(values: Vec<String>) -> Vec<String> {
    values.into_iter().map(|value| value.to_lowercase()).collect()
}

fn has_anywhere(user: &User, text: &str) -> bool {
    has_email(user, text)
        || has_phone(user, text)
        || has_username(user, text)
        || user.web3_wallets.iter().any(|wallet| wallet.web3_wallet.contains(text))
        || user.id.to_lowercase().contains(text)
        || has_name(user, text)
}

fn has_email(user: &User, text: &str) -> bool {
    user.email_addresses.iter().any(|email| email.email_address.contains(text))
}

fn has_phone(user: &User, text: &str) -> bool {
    user.phone_numbers.iter().any(|phone| phone.phone_number.contains(text))
}

fn has_username(user: &User, text: &str) -> bool {
    user.username.as_ref().is_some_and(|username| username.contains(text))
}

fn has_name(user: &User, text: &str) -> bool {
    let names: Vec<&str> = [&user.first_name, &user.last_name].into_iter().flatten().map(String::as_str).collect();
    names.join(" ").to_lowercase().contains(text)
}

/// Compares two users by one of the fields that lists can be ordered by.
pub(crate) fn compare(field: &str, left: &User, right: &User) -> Ordering {
    let text =
        |of: fn(&User) -> Option<&str>| absent_last(of(left).map(str::to_lowercase), of(right).map(str::to_lowercase));
    match field {
        "updated_at" => left.updated_at.cmp(&right.updated_at),
        "email_address" => text(User::primary_email),
        "phone_number" => text(User::primary_phone),
        "web3wallet" => text(User::primary_wallet),
        "username" => text(|user| user.username.as_deref()),
        "first_name" => text(|user| user.first_name.as_deref()),
        "last_name" => text(|user| user.last_name.as_deref()),
        "last_active_at" => absent_last(left.last_active_at, right.last_active_at),
        "last_sign_in_at" => absent_last(left.last_sign_in_at, right.last_sign_in_at),
        _ => left.created_at.cmp(&right.created_at),
    }
}
