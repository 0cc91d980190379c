// What each method of Clerk's SDK is called with, and what its result has to be: the id or the count that it must have.

// Methods that are not called, with the reason.
export const left = {
    "__experimental_accountlessApplications.createAccountlessApplication": "it is no operation of the document",
    "__experimental_accountlessApplications.completeAccountlessApplicationOnboarding": "it is no operation of the document",
    "betaFeatures.changeDomain": "it is no operation of the document",
    "clients.getHandshakePayload": "it is no operation of the document",
    "emails.create": "it is no operation of the document",
    "emails.createBatch": "it is no operation of the document",
    "emails.get": "it is no operation of the document",
    "invitations.deleteInvitation": "it is no operation of the document",
    "sessions.verifySession": "it is no operation of the document",
};

// What the methods are called with that the sample has.
export async function sample(clerk) {
    const user = async (emailAddress) => (await clerk.users.getUserList({ emailAddress: [emailAddress] })).data[0];
    const organization = await clerk.organizations.getOrganization({ slug: "acme" });
    const [ada, grace, alan] = await Promise.all(["ada", "grace", "alan"].map((name) => user(`${name}@acme.example`)));
    const [wallet] = (await clerk.users.getUserList({ limit: 100 })).data.filter((found) => found.web3Wallets.length);
    const { data: sessions } = await clerk.sessions.getSessionList({ userId: ada.id, status: "active" });
    return { acme: organization.id, ada, grace, alan, wallet, session: sessions[0].id, client: sessions[0].clientId };
}

function is(found, wanted, what) {
    return found === wanted ? null : `${what} is ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`;
}

// Keeps what is new under a name, by which later steps find it.
const made = (name) => (result, kept) => {
    kept[name] = result;
    return result.id ? null : "it has no id";
};
const id = (wanted) => (result, kept) => is(result.id, wanted(kept), "the id");
const count = (wanted) => (result) => is(result.totalCount, wanted, "the count") ?? is(result.data.length, wanted, "the page");
const field = (name, wanted) => (result) => is(result[name], wanted, name);
const nothing = (result) => is(result ?? null, null, "the result");
const secret = (name) => (result) => (String(result[name]).startsWith("fake_") ? null : `${name} is ${result[name]}`);
const all = (...checks) => async (result, kept) => {
    for (const check of checks) {
        const wrong = await check(result, kept);
        if (wrong) return wrong;
    }
    return null;
};

const step = (call, parameters, holds) => ({ call, with: parameters, holds });
const thing = (name) => [({ [name]: found }) => found.id, ({ [name]: found }) => [found.id]];

const has = (wanted) => (result, kept) => (result.data.some((found) => found.id === wanted(kept)) ? null : "it is not in the list");

// A call that is refused, with the status and the code of the first error.
const refused = (call, parameters, status, code) => ({ call, with: parameters, refused: `${status} ${code}` });
const missing = (call, parameters) => refused(call, parameters, 404, "resource_not_found");

// Creates, lists, gets, changes and deletes things of one resource, by the names of its methods. What was done shows in what is asked next.
function cycle(resource, name, { create, list, get, update, remove, total, changes, changed, of = () => [] }) {
    const [itsId, byId] = thing(name);
    const steps = [
        step(`${resource}.${create[0]}`, create[1], made(name)),
        step(`${resource}.${list}`, of, all(count(total), has(itsId))),
    ];
    if (get) steps.push(step(`${resource}.${get}`, byId, id(itsId)));
    if (update) steps.push(step(`${resource}.${update}`, changes, all(id(itsId), field(...changed))));
    if (update && get) steps.push(step(`${resource}.${get}`, byId, field(...changed)));
    if (!remove) return steps;
    steps.push(step(`${resource}.${remove}`, byId, all(id(itsId), field("deleted", true))));
    return [...steps, get ? missing(`${resource}.${get}`, byId) : step(`${resource}.${list}`, of, count(total - 1))];
}

const USER = ({ ada }) => ada.id;
const inAcme = (more) => (kept) => [{ organizationId: kept.acme, ...(typeof more === "function" ? more(kept) : more) }];

export const steps = [
    step("instance.get", () => [], (result) => (result.id.startsWith("ins_") ? null : result.id)),
    step("instance.update", () => [{ supportEmail: "help@mail.example" }], nothing),
    step("instance.updateRestrictions", () => [{ allowlist: true }], field("allowlist", true)),
    step("instance.updateOrganizationSettings", () => [{ maxAllowedMemberships: 7 }], field("maxAllowedMemberships", 7)),
    step("instance.getOrganizationSettings", () => [], field("maxAllowedMemberships", 7)),
    step("jwks.getJwks", () => [], (result) => is(result.keys.length, 1, "the keys")),
    step("testingTokens.createTestingToken", () => [], secret("token")),
    step("webhooks.createSvixApp", () => [], (result) => is(typeof result.svix_url, "string", "the URL")),
    step("webhooks.generateSvixAuthURL", () => [], (result) => is(typeof result.svix_url, "string", "the URL")),
    step("webhooks.deleteSvixApp", () => [], nothing),
    step("proxyChecks.verify", () => [{ domainId: "dmn_1", proxyUrl: "https://app.example/__clerk" }], field("successful", true)),
    refused("redirectUrls.createRedirectUrl", () => [{}], 422, "form_param_missing"),

    ...cycle("allowlistIdentifiers", "allowed", {
        create: ["createAllowlistIdentifier", () => [{ identifier: "friend@mail.example", notify: false }]],
        list: "getAllowlistIdentifierList",
        total: 2,
        remove: "deleteAllowlistIdentifier",
    }),
    ...cycle("blocklistIdentifiers", "blocked", {
        create: ["createBlocklistIdentifier", () => [{ identifier: "+12025550177" }]],
        list: "getBlocklistIdentifierList",
        total: 2,
        remove: "deleteBlocklistIdentifier",
    }),
    ...cycle("redirectUrls", "redirect", {
        create: ["createRedirectUrl", () => [{ url: "https://app.example/done" }]],
        list: "getRedirectUrlList",
        total: 2,
        get: "getRedirectUrl",
        remove: "deleteRedirectUrl",
    }),
    ...cycle("jwtTemplates", "template", {
        create: ["create", () => [{ name: "supabase", claims: { role: "authenticated" } }]],
        list: "list",
        total: 2,
        get: "get",
        update: "update",
        changes: ({ template }) => [{ templateId: template.id, name: "supabase", claims: {}, lifetime: 90 }],
        changed: ["lifetime", 90],
        remove: "delete",
    }),
    ...cycle("domains", "domain", {
        create: ["add", () => [{ name: "store.example", is_satellite: true }]],
        list: "list",
        total: 3,
        update: "update",
        changes: ({ domain }) => [{ domainId: domain.id, name: "market.example" }],
        changed: ["name", "market.example"],
        remove: "delete",
    }),
    step("domains.add", () => [{ name: "store.example", is_satellite: true }], made("domain")),
    step("domains.deleteDomain", ({ domain }) => [domain.id], field("deleted", true)),
    ...cycle("enterpriseConnections", "connection", {
        create: ["createEnterpriseConnection", () => [{ name: "Kestrel", domains: ["kestrel.example"], provider: "saml_google" }]],
        list: "getEnterpriseConnectionList",
        total: 2,
        get: "getEnterpriseConnection",
        update: "updateEnterpriseConnection",
        changes: ({ connection }) => [connection.id, { active: true }],
        changed: ["active", true],
    }),
    step("enterpriseConnections.deleteEnterpriseConnection", ({ connection }) => [connection.id], id(({ connection }) => connection.id)),
    missing("enterpriseConnections.getEnterpriseConnection", ({ connection }) => [connection.id]),
    ...cycle("samlConnections", "saml", {
        create: ["createSamlConnection", () => [{ name: "Kestrel", domain: "kestrel.example", provider: "saml_google" }]],
        list: "getSamlConnectionList",
        total: 2,
        get: "getSamlConnection",
        update: "updateSamlConnection",
        changes: ({ saml }) => [saml.id, { active: true }],
        changed: ["active", true],
    }),
    step("samlConnections.deleteSamlConnection", ({ saml }) => [saml.id], id(({ saml }) => saml.id)),
    missing("samlConnections.getSamlConnection", ({ saml }) => [saml.id]),
    ...cycle("oauthApplications", "application", {
        create: ["create", () => [{ name: "Calendar", redirectUris: ["https://calendar.example/callback"] }]],
        list: "list",
        total: 2,
        get: "get",
        update: "update",
        changes: ({ application }) => [{ oauthApplicationId: application.id, name: "Agenda" }],
        changed: ["name", "Agenda"],
    }),
    step("oauthApplications.rotateSecret", ({ application }) => [application.id], secret("clientSecret")),
    step("oauthApplications.revokeToken", ({ application }) => [{ oauthApplicationId: application.id, token: "fake" }], nothing),
    step("oauthApplications.delete", ({ application }) => [application.id], field("deleted", true)),
    missing("oauthApplications.get", ({ application }) => [application.id]),

    step("apiKeys.create", (kept) => [{ name: "Import", subject: USER(kept), scopes: ["import"] }], all(made("key"), secret("secret"))),
    step("apiKeys.list", (kept) => [{ subject: USER(kept) }], count(2)),
    step("apiKeys.get", ({ key }) => [key.id], id(({ key }) => key.id)),
    step("apiKeys.getSecret", ({ key }) => [key.id], (result, { key }) => is(result.secret, key.secret, "the secret")),
    step("apiKeys.verify", ({ key }) => [key.secret], id(({ key }) => key.id)),
    step("apiKeys.update", ({ key, ada }) => [{ apiKeyId: key.id, subject: ada.id, description: "Daily" }], field("description", "Daily")),
    step("apiKeys.revoke", ({ key }) => [{ apiKeyId: key.id, revocationReason: "over" }], field("revoked", true)),
    step("apiKeys.delete", ({ key }) => [key.id], field("deleted", true)),
    missing("apiKeys.get", ({ key }) => [key.id]),

    step("machines.create", () => [{ name: "Indexer" }], made("machine")),
    step("machines.list", () => [], (result, kept) => {
        kept.other = result.data.find((machine) => machine.name === "Mailer");
        return count(3)(result);
    }),
    step("machines.get", ({ machine }) => [machine.id], id(({ machine }) => machine.id)),
    step("machines.update", ({ machine }) => [{ machineId: machine.id, name: "Search" }], field("name", "Search")),
    step("machines.getSecretKey", ({ machine }) => [machine.id], secret("secret")),
    step("machines.rotateSecretKey", ({ machine }) => [{ machineId: machine.id, previousTokenTtl: 0 }], secret("secret")),
    step("machines.createScope", ({ machine, other }) => [machine.id, other.id], (result, { other }) => is(result.toMachineId, other.id, "the scope")),
    step("machines.deleteScope", ({ machine, other }) => [machine.id, other.id], field("deleted", true)),
    step("machines.delete", ({ machine }) => [machine.id], id(({ machine }) => machine.id)),
    missing("machines.get", ({ machine }) => [machine.id]),
    step("m2m.createToken", () => [{ secondsUntilExpiration: 60 }], all(made("m2m"), secret("token"))),
    step("m2m.list", ({ m2m }) => [{ subject: m2m.subject }], count(2)),
    step("m2m.verify", ({ m2m }) => [{ token: m2m.token }], id(({ m2m }) => m2m.id)),
    step("m2m.revokeToken", ({ m2m }) => [{ m2mTokenId: m2m.id }], field("revoked", true)),

    step("actorTokens.create", ({ ada, alan }) => [{ userId: alan.id, actor: { sub: ada.id } }], all(made("actor"), secret("token"))),
    step("actorTokens.revoke", ({ actor }) => [actor.id], field("status", "revoked")),
    step("signInTokens.createSignInToken", (kept) => [{ userId: USER(kept), expiresInSeconds: 60 }], all(made("signIn"), secret("token"))),
    step("signInTokens.revokeSignInToken", ({ signIn }) => [signIn.id], field("status", "revoked")),
    step(
        "agentTasks.create",
        ({ ada }) => [
            { onBehalfOf: { userId: ada.id }, permissions: "*", agentName: "Digest", taskDescription: "Write", redirectUrl: "https://app.example/" },
        ],
        (result, kept) => is(typeof (kept.task = result).agentTaskId, "string", "the id"),
    ),
    step("agentTasks.revoke", ({ task }) => [task.agentTaskId], (result, { task }) => is(result.agentTaskId, task.agentTaskId, "the id")),

    ...cycle("waitlistEntries", "entry", { create: ["create", () => [{ emailAddress: "late@mail.example" }]], list: "list", total: 4 }),
    step("waitlistEntries.createBulk", () => [[{ emailAddress: "later@mail.example" }]], (result) => is(result.length, 1, "the count")),
    step("waitlistEntries.invite", ({ entry }) => [entry.id], field("status", "invited")),
    step("waitlistEntries.create", () => [{ emailAddress: "last@mail.example" }], made("entry")),
    step("waitlistEntries.reject", ({ entry }) => [entry.id], field("status", "rejected")),
    step("waitlistEntries.delete", ({ entry }) => [entry.id], field("deleted", true)),
    step("invitations.createInvitation", () => [{ emailAddress: "new@mail.example" }], made("invitation")),
    step("invitations.createInvitationBulk", () => [[{ emailAddress: "one@mail.example" }]], (result) => is(result.length, 1, "the count")),
    // The one of the sample, and the one of the waitlist.
    step("invitations.getInvitationList", () => [], count(4)),
    step("invitations.revokeInvitation", ({ invitation }) => [invitation.id], field("status", "revoked")),

    step("billing.getPlanList", () => [{ payerType: "org" }], (result, kept) => count(1)(result)),
    step("billing.getOrganizationBillingSubscription", ({ acme }) => [acme], (result, kept) => {
        kept.item = result.subscriptionItems[0].id;
        return is(result.subscriptionItems.length, 1, "the items");
    }),
    step("billing.getUserBillingSubscription", (kept) => [USER(kept)], (result, kept) => {
        kept.trial = result.subscriptionItems[0].id;
        return is(result.subscriptionItems.length, 1, "the items");
    }),
    step("billing.extendSubscriptionItemFreeTrial", ({ trial }) => [trial, { extendTo: new Date("2040-01-01") }], id(({ trial }) => trial)),
    step("billing.cancelSubscriptionItem", ({ item }) => [item, { endNow: true }], all(id(({ item }) => item), field("status", "ended"))),

    step("clients.getClientList", () => [{ limit: 500 }], (result) => is(result.data.length, 25, "the clients")),
    step("clients.getClient", ({ client }) => [client], id(({ client }) => client)),
    step("clients.verifyClient", ({ client }) => [`fake_client_${client}`], id(({ client }) => client)),
    step("sessions.createSession", (kept) => [{ userId: USER(kept) }], made("new")),
    step("sessions.getSessionList", (kept) => [{ userId: USER(kept), status: "active" }], count(3)),
    step("sessions.getSession", ({ session }) => [session], id(({ session }) => session)),
    step("sessions.getToken", ({ session }) => [session, "hasura"], secret("jwt")),
    step(
        "sessions.refreshSession",
        ({ session }) => [session, { expired_token: "x", refresh_token: "y", request_origin: "https://app.example" }],
        secret("jwt"),
    ),
    step("sessions.revokeSession", ({ new: session }) => [session.id], field("status", "revoked")),
    step("sessions.getSession", ({ new: session }) => [session.id], field("status", "revoked")),
    step("signUps.get", () => ["sua_3Rhr25WzFeP3y0d1eyGL1T2EqM3"], id(() => "sua_3Rhr25WzFeP3y0d1eyGL1T2EqM3")),
    step("signUps.update", () => [{ signUpAttemptId: "sua_3Rhr25WzFeP3y0d1eyGL1T2EqM3", externalId: "crm-9" }], field("externalId", "crm-9")),
    step("idPOAuthAccessToken.verify", () => ["fake_token_UGlXVbYbmz4ZTOJLZsMNyDs5IOQ0xB5e"], (result, kept) => is(result.subject, USER(kept), "the subject")),

    step("emailAddresses.createEmailAddress", (kept) => [{ userId: USER(kept), emailAddress: "ada@home.example" }], made("email")),
    step("emailAddresses.getEmailAddress", ({ email }) => [email.id], id(({ email }) => email.id)),
    step("emailAddresses.updateEmailAddress", ({ email }) => [email.id, { verified: true }], (result) => is(result.verification.status, "verified", "the proof")),
    step("emailAddresses.deleteEmailAddress", ({ email }) => [email.id], field("deleted", true)),
    missing("emailAddresses.getEmailAddress", ({ email }) => [email.id]),
    step("phoneNumbers.createPhoneNumber", (kept) => [{ userId: USER(kept), phoneNumber: "+12025550188" }], made("phone")),
    step("phoneNumbers.getPhoneNumber", ({ phone }) => [phone.id], id(({ phone }) => phone.id)),
    step("phoneNumbers.updatePhoneNumber", ({ phone }) => [phone.id, { reservedForSecondFactor: true }], field("reservedForSecondFactor", true)),
    step("phoneNumbers.deletePhoneNumber", ({ phone }) => [phone.id], field("deleted", true)),
    missing("phoneNumbers.getPhoneNumber", ({ phone }) => [phone.id]),

    ...cycle("organizationPermissions", "permission", {
        create: ["createOrganizationPermission", () => [{ name: "Read reports", key: "org:reports:read" }]],
        list: "getOrganizationPermissionList",
        total: 9,
        get: "getOrganizationPermission",
        update: "updateOrganizationPermission",
        changes: ({ permission }) => [{ permissionId: permission.id, description: "See them" }],
        changed: ["description", "See them"],
    }),
    ...cycle("organizationRoles", "role", {
        create: ["createOrganizationRole", () => [{ name: "Auditor", key: "org:auditor", permissions: ["org:sys_memberships:read"] }]],
        list: "getOrganizationRoleList",
        total: 4,
        get: "getOrganizationRole",
        update: "updateOrganizationRole",
        changes: ({ role }) => [{ organizationRoleId: role.id, name: "Examiner" }],
        changed: ["name", "Examiner"],
    }),
    step(
        "organizationRoles.assignPermissionToOrganizationRole",
        ({ role, permission }) => [{ organizationRoleId: role.id, permissionId: permission.id }],
        (result) => is(result.permissions.length, 2, "the permissions"),
    ),
    step(
        "organizationRoles.removePermissionFromOrganizationRole",
        ({ role, permission }) => [{ organizationRoleId: role.id, permissionId: permission.id }],
        (result) => is(result.permissions.length, 1, "the permissions"),
    ),
    step("organizationPermissions.deleteOrganizationPermission", ({ permission }) => [permission.id], field("deleted", true)),
    missing("organizationPermissions.getOrganizationPermission", ({ permission }) => [permission.id]),
    ...cycle("roleSets", "set", {
        create: [
            "createRoleSet",
            () => [{ name: "Small", key: "role_set:small", defaultRoleKey: "org:member", creatorRoleKey: "org:admin", roles: ["org:admin", "org:member"] }],
        ],
        list: "getRoleSetList",
        total: 2,
        get: "getRoleSet",
        update: "updateRoleSet",
        changes: ({ set }) => [{ roleSetKeyOrId: set.id, description: "For few" }],
        changed: ["description", "For few"],
    }),
    step("roleSets.addRolesToRoleSet", ({ set }) => [{ roleSetKeyOrId: set.key, roleKeys: ["org:auditor"] }], (result) => is(result.roles.length, 3, "the roles")),
    step(
        "roleSets.replaceRoleInRoleSet",
        ({ set }) => [{ roleSetKeyOrId: set.key, roleKey: "org:auditor", toRoleKey: "org:billing_manager" }],
        (result) => is(result.roles.some((role) => role.key === "org:billing_manager"), true, "the new role"),
    ),
    step("roleSets.replaceRoleSet", ({ set }) => [{ roleSetKeyOrId: set.id, destRoleSetKey: "role_set:default" }], field("deleted", true)),
    missing("roleSets.getRoleSet", ({ set }) => [set.id]),

    step("organizations.createOrganization", (kept) => [{ name: "New", createdBy: USER(kept) }], made("organization")),
    step("organizations.getOrganizationList", () => [], count(9)),
    step("organizations.getOrganization", ({ acme }) => [{ organizationId: acme }], id(({ acme }) => acme)),
    step("organizations.updateOrganization", ({ acme }) => [acme, { name: "Acme" }], field("name", "Acme")),
    step("organizations.getOrganization", ({ acme }) => [{ organizationId: acme }], field("name", "Acme")),
    step("organizations.updateOrganizationLogo", ({ acme }) => [acme, { file: new Blob(["PNG"]) }], field("hasImage", true)),
    step("organizations.deleteOrganizationLogo", ({ acme }) => [acme], field("hasImage", false)),
    step("organizations.updateOrganizationMetadata", ({ acme }) => [acme, { publicMetadata: { a: 1 } }], (result) => is(result.publicMetadata.a, 1, "the metadata")),
    step("organizations.replaceOrganizationMetadata", ({ acme }) => [acme, { publicMetadata: { b: 2 } }], (result) => is(Object.keys(result.publicMetadata).length, 1, "the metadata")),
    step("organizations.getInstanceOrganizationMembershipList", () => [{ limit: 1 }], (result) => (result.totalCount > 50 ? null : "there are few")),
    step("organizations.createOrganizationMembership", ({ organization, alan }) => [{ organizationId: organization.id, userId: alan.id, role: "org:auditor" }], made("membership")),
    step("organizations.getOrganizationMembershipList", ({ organization }) => [{ organizationId: organization.id }], count(2)),
    step("organizations.updateOrganizationMembership", ({ organization, alan }) => [{ organizationId: organization.id, userId: alan.id, role: "org:member" }], field("role", "org:member")),
    step(
        "organizations.updateOrganizationMembershipMetadata",
        ({ organization, alan }) => [{ organizationId: organization.id, userId: alan.id, publicMetadata: { a: 1 } }],
        (result) => is(result.publicMetadata.a, 1, "the metadata"),
    ),
    step("organizations.deleteOrganizationMembership", ({ organization, alan }) => [{ organizationId: organization.id, userId: alan.id }], id(({ membership }) => membership.id)),
    step("organizationRoles.deleteOrganizationRole", ({ role }) => [role.id], field("deleted", true)),
    missing("organizationRoles.getOrganizationRole", ({ role }) => [role.id]),
    step("organizations.createOrganizationInvitation", inAcme({ emailAddress: "guest@mail.example", role: "org:member" }), made("invited")),
    step("organizations.createOrganizationInvitationBulk", ({ acme }) => [acme, [{ emailAddress: "other@mail.example", role: "org:member" }]], (result) => is(result.data.length, 1, "the count")),
    step("organizations.getOrganizationInvitationList", ({ organization }) => [{ organizationId: organization.id }], count(0)),
    step("organizations.getOrganizationInvitation", inAcme(({ invited }) => ({ invitationId: invited.id })), id(({ invited }) => invited.id)),
    step("organizations.revokeOrganizationInvitation", inAcme(({ invited }) => ({ invitationId: invited.id })), field("status", "revoked")),
    step("organizations.createOrganizationDomain", inAcme({ name: "robots.example", enrollmentMode: "manual_invitation" }), made("owned")),
    step("organizations.getOrganizationDomainList", inAcme({}), count(2)),
    step("organizations.updateOrganizationDomain", inAcme(({ owned }) => ({ domainId: owned.id, verified: true })), (result) => is(result.verification.status, "verified", "the proof")),
    step("organizations.deleteOrganizationDomain", inAcme(({ owned }) => ({ domainId: owned.id })), field("deleted", true)),
    step("organizations.deleteOrganization", ({ organization }) => [organization.id], id(({ organization }) => organization.id)),
    missing("organizations.getOrganization", ({ organization }) => [{ organizationId: organization.id }]),

    step("users.createUser", () => [{ emailAddress: ["new.person@mail.example"], password: "correct horse battery" }], made("person")),
    refused("users.createUser", () => [{ emailAddress: ["new.person@mail.example"] }], 422, "form_identifier_exists"),
    step("users.getUserList", () => [{ limit: 1 }], (result) => (result.totalCount > 50 && result.data.length === 1 ? null : "the count")),
    step("users.getCount", () => [{ emailAddress: ["ada@acme.example"] }], (result) => is(result, 1, "the count")),
    step("users.getUser", (kept) => [USER(kept)], id(USER)),
    step("users.updateUser", (kept) => [USER(kept), { firstName: "Augusta" }], field("firstName", "Augusta")),
    step("users.getUser", (kept) => [USER(kept)], field("firstName", "Augusta")),
    step("users.replaceUserEmailAddress", ({ alan }) => [alan.id, { emailAddress: "alan@home.example" }], field("emailAddress", "alan@home.example")),
    step("users.replaceUserPhoneNumber", ({ alan }) => [alan.id, { phoneNumber: "+12025550192" }], field("phoneNumber", "+12025550192")),
    step("users.updateUserProfileImage", (kept) => [USER(kept), { file: new Blob(["PNG"]) }], field("hasImage", true)),
    step("users.deleteUserProfileImage", (kept) => [USER(kept)], field("hasImage", false)),
    step("users.updateUserMetadata", (kept) => [USER(kept), { publicMetadata: { a: 1 } }], (result) => is(result.publicMetadata.a, 1, "the metadata")),
    step("users.replaceUserMetadata", (kept) => [USER(kept), { publicMetadata: { b: 1 } }], (result) => is(Object.keys(result.publicMetadata).length, 1, "the metadata")),
    step("users.getUserOauthAccessToken", (kept) => [USER(kept), "google"], (result) => is(result.data.length, 1, "the count")),
    step("users.getOrganizationMembershipList", (kept) => [{ userId: USER(kept) }], (result, kept) => (result.totalCount > 0 ? null : "the count")),
    step("users.getOrganizationInvitationList", (kept) => [{ userId: USER(kept) }], count(0)),
    step("users.verifyPassword", (kept) => [{ userId: USER(kept), password: "correct horse" }], field("verified", true)),
    step("users.verifyTOTP", (kept) => [{ userId: USER(kept), code: "424242" }], field("verified", true)),
    step("users.setPasswordCompromised", (kept) => [USER(kept)], id(USER)),
    step("users.unsetPasswordCompromised", (kept) => [USER(kept)], id(USER)),
    step("users.removePassword", ({ person }) => [person.id], field("passwordEnabled", false)),
    step("users.deleteUserBackupCodes", (kept) => [USER(kept)], (result, kept) => is(result.user_id, USER(kept), "the id")),
    step("users.deleteUserTOTP", (kept) => [USER(kept)], (result, kept) => is(result.user_id, USER(kept), "the id")),
    step("users.disableUserMFA", ({ grace }) => [grace.id], (result, { grace }) => is(result.user_id, grace.id, "the id")),
    step("users.deleteUserPasskey", ({ grace }) => [{ userId: grace.id, passkeyIdentificationId: grace.raw.passkeys[0].id }], field("deleted", true)),
    step("users.deleteUserWeb3Wallet", ({ wallet }) => [{ userId: wallet.id, web3WalletIdentificationId: wallet.web3Wallets[0].id }], field("deleted", true)),
    step("users.deleteUserExternalAccount", ({ ada }) => [{ userId: ada.id, externalAccountId: ada.externalAccounts[0].id }], field("deleted", true)),
    step("users.banUser", ({ person }) => [person.id], field("banned", true)),
    step("users.unbanUser", ({ person }) => [person.id], field("banned", false)),
    step("users.lockUser", ({ person }) => [person.id], field("locked", true)),
    step("users.unlockUser", ({ person }) => [person.id], field("locked", false)),
    step("users.deleteUser", ({ person }) => [person.id], id(({ person }) => person.id)),
    missing("users.getUser", ({ person }) => [person.id]),
];
