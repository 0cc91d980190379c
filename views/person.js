// A person: how they sign in, what keeps them out, organizations, sessions, and what can be done about it.

const REPORT = "clerk_get_user_access_report";

// A method to sign in with what is known of it.
const method = (name, detail, verification) => el("li", {}, name, detail && [" ", theirs(detail)], " ",
  verification && (verification.status === "verified" ? tag("verified", "good") : tag(verification.status ?? "not verified", "bad")));

function ways(user) {
  const of = (list, name, detail) => (user[list] ?? []).map((item) => method(name(item), detail(item), item.verification));
  const fixed = (name) => () => name;
  return [
    user.password_enabled && el("li", {}, "Password"),
    of("email_addresses", fixed("Email address"), ({ email_address: address }) => address),
    of("phone_numbers", fixed("Phone number"), ({ phone_number: number }) => number),
    of("external_accounts", ({ provider }) => inWords(String(provider ?? "account").replace(/^oauth_/, "")), addressOf),
    of("saml_accounts", fixed("SAML"), addressOf),
    of("enterprise_accounts", fixed("Enterprise account"), addressOf),
    of("passkeys", fixed("Passkey"), ({ name }) => name),
    of("web3_wallets", fixed("Wallet"), ({ web3_wallet: wallet }) => wallet),
  ].flat().filter(Boolean);
}

const secondFactors = (user) => [user.totp_enabled && "authenticator app", user.backup_code_enabled && "backup codes",
  user.two_factor_enabled && !user.totp_enabled && "codes by SMS"].filter(Boolean).join(", ");

function obstacles(user) {
  const verified = (list) => (user[list] ?? []).some(({ verification }) => verification?.status === "verified");
  const seconds = user.lockout_expires_in_seconds;
  return [
    user.banned && "Banned: they cannot sign in, and no session is left to them.",
    user.locked && `Locked: ${seconds ? `for ${Math.ceil(seconds / 60)} more minutes.` : user.lock_note ?? "after too many wrong tries, or by an administrator."}`,
    user.deprovisioned && "Deprovisioned by their company's directory.",
    ways(user).length === 0 && "Nothing to sign in with is known.",
    user.email_addresses?.length > 0 && !["email_addresses", "phone_numbers", "external_accounts", "passkeys", "web3_wallets"].some(verified) && "None of their addresses is verified.",
  ].filter(Boolean);
}

// Sessions by the time of their last use, the latest first.
function timeline(sessions, back) {
  const inOrder = [...sessions].sort((one, other) => String(other.last_active_at).localeCompare(String(one.last_active_at)));
  const entry = (session) => {
    const { latest_activity: seen = {}, actor, status } = session;
    const ends = status === "active" && allowed.has("clerk_revoke_session") && host.can("serverTools");
    return el("li", { class: actor ? "bad-point" : "" },
      el("strong", {}, theirs(device(seen) || "A device that is not known")), " ", status && tag(status, status === "active" ? "good" : ""), " ",
      actor && tag("impersonated", "bad"),
      actor && el("div", {}, "Used in their place by ", theirs(actor.sub ?? "somebody")),
      el("div", {}, theirs([place(seen), seen.ip_address].filter(Boolean).join(" · ") || "from a place that is not known")),
      el("div", { class: "quiet small" }, session.created_at && ["Since ", when(session.created_at)], session.last_active_at && [", last used ", when(session.last_active_at)]),
      ends && button("Sign out here …", () => propose("clerk_revoke_session", { session_id: session.id }, back), "small"));
  };
  return el("ol", { class: "timeline" }, inOrder.map(entry));
}

// The writes that fit this person and that the policy allows.
function actions({ user, active_sessions: sessions }, back) {
  const known = [
    user.locked ? ["clerk_unlock_user", "Unlock"] : ["clerk_lock_user", "Lock"],
    user.banned ? ["clerk_unban_user", "Lift the ban"] : ["clerk_ban_user", "Ban"],
    sessions?.data?.length !== 0 && ["clerk_revoke_all_user_sessions", "Sign out everywhere"],
    user.two_factor_enabled && ["clerk_reset_second_factors", "Reset second factors"],
    ["clerk_offboard_user", "Off-board"],
    ["clerk_delete_user", "Delete"],
  ].filter((known) => known && allowed.has(known[0]));
  if (known.length === 0 || !host.can("serverTools")) return null;
  return [el("h2", {}, "What can be done"), el("p", { class: "quiet small" }, "Each shows first what it would do, and asks."),
    el("div", { class: "row" }, known.map(([tool, title]) => button(`${title} …`, () => propose(tool, { user_id: user.id }, back))))];
}

const andMore = (page) => page.has_more && el("p", { class: "quiet" }, "There are more than are shown.");

function organizations(page) {
  const columns = [
    column("Organization", ({ organization }) => organization?.name), column("Role", ({ role_name: name, role }) => name ?? role), date("Since", "created_at"),
  ];
  return [page.data.length > 0 ? table("Organizations", columns, page.data) : el("p", { class: "quiet" }, "None."), andMore(page)];
}

function draw(report) {
  const { user } = report;
  const again = async (tool) => {
    say("Loading …");
    try {
      const result = await host.call(tool, { user_id: user.id });
      say("");
      if (result.isError) show(problem(result));
      else draw(reportOf(structured(result)));
    } catch (error) {
      say(`It could not be loaded: ${error.message}`);
    }
  };
  const back = button("Back to the person", () => again(report.organizations ? REPORT : "clerk_get_user"));
  const out = obstacles(user);
  show(
    el("h1", { class: "unseen" }, theirs(nameOf(user) || user.id)),
    who(user, standing(user) && el("div", {}, tags(standing(user)))),
    out.length > 0 ? box("bad", "What keeps them out", el("ul", {}, out.map((text) => el("li", {}, text))))
      : box("good", "Nothing that is known here keeps them out", null),
    el("h2", {}, "How they sign in"), el("ul", {}, ways(user)),
    el("p", {}, "Second factor: ", user.two_factor_enabled ? tag(secondFactors(user) || "on", "good") : tag("none", "bad")),
    facts([["Last sign-in", user.last_sign_in_at], ["Last active", user.last_active_at && day(user.last_active_at)], ["Created", user.created_at], ["External id", user.external_id]]),
    report.organizations && [el("h2", {}, "Organizations"), organizations(report.organizations)],
    report.pending_invitations?.data.length > 0 && [el("h2", {}, "Pending invitations"),
      table("Pending invitations", kindOf(report.pending_invitations.data).columns, report.pending_invitations.data)],
    report.active_sessions && [el("h2", {}, "Sessions"),
      report.active_sessions.data.length > 0 ? timeline(report.active_sessions.data, back) : el("p", { class: "quiet" }, "Signed in nowhere."), andMore(report.active_sessions)],
    (report.failed ?? []).map((part) => box("note", "A part could not be had", valueOf(part))),
    !report.organizations && allowed.has(REPORT) && host.can("serverTools") && el("div", { class: "row" }, button("Show organizations and sessions", () => again(REPORT))),
    actions(report, back),
  );
}

const reportOf = (answer) => (answer.user ? answer : { user: answer });

host.on("ui/notifications/tool-result", (result) => {
  if (result.isError) show(problem(result));
  else draw(reportOf(structured(result)));
  say("");
});

host.connect();
