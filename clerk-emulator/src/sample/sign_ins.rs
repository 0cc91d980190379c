//! The sessions of the sample, and what they follow from.

use super::user_id;
use crate::clock::{DAY, HOUR};
use crate::ids;
use crate::sessions::Status::{self, Active, Ended, Expired, Replaced, Revoked};
use crate::sessions::{Activity, Session};
use crate::state::World;

/// Sign-ins of one person that are alike.
pub(super) struct SignIns {
    person: &'static str,
    status: Status,
    device: &'static Device,
    /// For each session, how many days before the person's last sign-in it began; 0 is the last sign-in itself.
    days: &'static [i64],
}

struct Device {
    kind: &'static str,
    is_mobile: bool,
    browser_name: &'static str,
    browser_version: &'static str,
    ip_address: &'static str,
    city: &'static str,
    country: &'static str,
}

const fn sign_ins(person: &'static str, status: Status, device: &'static Device, days: &'static [i64]) -> SignIns {
    SignIns { person, status, device, days }
}

const LAPTOP: &Device = &Device {
    kind: "Macintosh",
    is_mobile: false,
    browser_name: "Chrome",
    browser_version: "137.0.0.0",
    ip_address: "192.0.2.17",
    city: "Boston",
    country: "US",
};

const PHONE: &Device = &Device {
    kind: "iPhone",
    is_mobile: true,
    browser_name: "Safari",
    browser_version: "18.4",
    ip_address: "198.51.100.23",
    city: "London",
    country: "GB",
};

const DESK: &Device = &Device {
    kind: "Windows",
    is_mobile: false,
    browser_name: "Edge",
    browser_version: "136.0.0.0",
    ip_address: "203.0.113.80",
    city: "Portland",
    country: "US",
};

pub(super) const SIGN_INS: &[SignIns] = &[
    sign_ins("ada", Active, LAPTOP, &[0]),
    sign_ins("ada", Active, PHONE, &[3]),
    sign_ins("ada", Ended, DESK, &[40]),
    sign_ins("grace", Active, LAPTOP, &[0]),
    sign_ins("grace", Expired, LAPTOP, &[31]),
    sign_ins("alan", Active, DESK, &[0]),
    sign_ins("priya", Active, PHONE, &[0]),
    sign_ins("priya", Replaced, PHONE, &[2]),
    sign_ins("marion", Active, LAPTOP, &[0]),
    // A shared account that nobody ever signs out of.
    sign_ins("frontdesk", Active, DESK, &[0, 1, 2, 3, 5, 8, 9, 12, 15, 16, 19, 22]),
    sign_ins("maya", Active, LAPTOP, &[0]),
    sign_ins("mallory", Revoked, DESK, &[0, 4]),
    sign_ins("trent", Active, PHONE, &[0]),
];

pub(super) fn sessions<'a>(world: &'a World, sign_ins: &'a SignIns) -> impl Iterator<Item = Session> + 'a {
    sign_ins.days.iter().map(|days| session(world, sign_ins, *days))
}

fn session(world: &World, sign_ins: &SignIns, days: i64) -> Session {
    let user = &world.users[&user_id(sign_ins.person)];
    let seed = format!("{} {days}", sign_ins.person);
    let last = user.last_sign_in_at.expect("the table names people who have signed in");
    let created_at = last - days * DAY;
    let last_active_at = created_at + 2 * HOUR;
    let expire_at = created_at + 365 * DAY;
    Session {
        object: "session",
        id: ids::id("sess", &seed),
        user_id: user.id.clone(),
        client_id: ids::id("client", &seed),
        actor: None,
        status: sign_ins.status,
        last_active_organization_id: world.memberships_of(&user.id).next().map(|first| first.organization_id.clone()),
        last_active_at,
        latest_activity: activity(sign_ins.device, &seed),
        // A year, so that active ones look active for long; nothing here depends on the clock.
        expire_at,
        abandon_at: expire_at + 23 * DAY,
        updated_at: last_active_at,
        created_at,
        tasks: None,
    }
}

fn activity(device: &Device, seed: &str) -> Activity {
    Activity {
        object: "session_activity",
        id: ids::id("sess_activity", seed),
        device_type: device.kind,
        is_mobile: device.is_mobile,
        browser_name: device.browser_name,
        browser_version: device.browser_version,
        ip_address: device.ip_address,
        city: device.city,
        country: device.country,
    }
}
