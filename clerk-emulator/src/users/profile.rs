//! What creating and changing a user have in common: the fields that both take.

use super::User;
use crate::body::{Change, Fields, replace};
use crate::errors::Fault;
use crate::state::World;

const USERNAME_LIMIT: usize = 64;
const PASSWORD_MINIMUM: usize = 8;

/// What a request says about a user.
pub(super) struct Profile {
    external_id: Change,
    first_name: Change,
    last_name: Change,
    locale: Change,
    username: Change,
    credentials: Credentials,
    delete_self_enabled: Option<bool>,
    create_organization_enabled: Option<bool>,
    create_organizations_limit: Option<i64>,
    bypass_client_trust: Option<bool>,
    legal_accepted_at: Option<i64>,
    created_at: Option<i64>,
}

/// Which secrets a request sets. The secrets themselves are dropped as soon as they are read.
struct Credentials {
    password: bool,
    totp: bool,
    backup_codes: bool,
}

impl Profile {
    /// What others have is taken; `own_id` is the user who is being changed.
    pub(super) fn read(fields: &mut Fields, world: &World, own_id: Option<&str>) -> Self {
        let others: Vec<&User> = world.users.values().filter(|user| Some(user.id.as_str()) != own_id).collect();
        let external_id = fields.change("external_id");
        if given(&external_id).is_some_and(|id| others.iter().any(|user| user.external_id.as_ref() == Some(id))) {
            fields.refuse(Fault::taken("external_id"));
        }
        Self {
            external_id,
            first_name: fields.change("first_name"),
            last_name: fields.change("last_name"),
            locale: fields.change("locale"),
            username: read_username(fields, &others),
            credentials: Credentials::read(fields),
            delete_self_enabled: fields.flag("delete_self_enabled"),
            create_organization_enabled: fields.flag("create_organization_enabled"),
            create_organizations_limit: read_limit(fields),
            bypass_client_trust: fields.flag("bypass_client_trust"),
            legal_accepted_at: {
                fields.flag("skip_legal_checks");
                fields.date("legal_accepted_at")
            },
            created_at: fields.date("created_at"),
        }
    }

    pub(super) fn names_the_user(&self) -> bool {
        given(&self.username).is_some()
    }

    pub(super) fn sets_a_password(&self) -> bool {
        self.credentials.password
    }

    pub(super) fn apply(self, user: &mut User, now: i64) {
        replace(&mut user.external_id, self.external_id);
        replace(&mut user.first_name, self.first_name);
        replace(&mut user.last_name, self.last_name);
        replace(&mut user.locale, self.locale);
        replace(&mut user.username, self.username);
        replace(&mut user.delete_self_enabled, self.delete_self_enabled);
        replace(&mut user.create_organization_enabled, self.create_organization_enabled);
        replace(&mut user.create_organizations_limit, self.create_organizations_limit.map(Some));
        replace(&mut user.bypass_client_trust, self.bypass_client_trust);
        replace(&mut user.legal_accepted_at, self.legal_accepted_at.map(Some));
        replace(&mut user.created_at, self.created_at);
        self.credentials.apply(user, now);
    }
}

impl Credentials {
    fn read(fields: &mut Fields) -> Self {
        let password = fields.text("password");
        let is_unchecked = fields.flag("skip_password_checks").unwrap_or_default();
        if password.as_ref().is_some_and(|password| password.chars().count() < PASSWORD_MINIMUM) && !is_unchecked {
            fields.refuse(Fault::password_too_short(PASSWORD_MINIMUM));
        }
        let (digest, hasher) = (fields.text("password_digest"), fields.text("password_hasher"));
        for (name, text, other, other_text) in [
            ("password_hasher", &hasher, "password_digest", &digest),
            ("password_digest", &digest, "password_hasher", &hasher),
        ] {
            if text.is_none() && other_text.is_some() {
                fields.refuse_once(name, Fault::requires(name, other));
            }
        }
        Self {
            password: password.is_some() || digest.is_some(),
            totp: fields.text("totp_secret").is_some(),
            backup_codes: !fields.texts("backup_codes").is_empty(),
        }
    }

    fn apply(&self, user: &mut User, now: i64) {
        if self.password {
            user.password_enabled = true;
            user.password_last_updated_at = Some(now);
        }
        if self.totp {
            user.totp_enabled = true;
            user.two_factor_enabled = true;
            user.mfa_enabled_at.get_or_insert(now);
        }
        user.backup_code_enabled |= self.backup_codes;
    }
}

fn given(change: &Change) -> Option<&String> {
    change.as_ref()?.as_ref()
}

/// A username, in lower case as Clerk keeps it.
fn read_username(fields: &mut Fields, others: &[&User]) -> Change {
    let change = fields.change("username").map(|name| name.map(|name| name.to_lowercase()));
    if let Some(name) = given(&change) {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if name.chars().count() > USERNAME_LIMIT {
            fields.refuse(Fault::username_length(USERNAME_LIMIT));
        } else if !name.chars().all(allowed) {
            fields.refuse(Fault::username_character());
        } else if others.iter().any(|user| user.username.as_ref() == Some(name)) {
            fields.refuse(Fault::taken("username"));
        }
    }
    change
}

fn read_limit(fields: &mut Fields) -> Option<i64> {
    let limit = fields.integer("create_organizations_limit");
    if limit.is_some_and(|limit| limit < 0) {
        fields.refuse(Fault::value("create_organizations_limit", "must be greater than or equal to zero"));
    }
    limit
}
