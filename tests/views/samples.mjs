// Results that the emulator does not give: with nothing in them, with very much, and with texts of an enemy in every field.

// What an enemy writes: markup, scripts, what reorders text, what nobody sees, and a word that never ends.
export const HOSTILE = [
    "<img src=x onerror=\"window.harmed=1\">", "<script>window.harmed=2</script>", "\"><svg/onload=window.harmed=3>", "javascript:window.harmed=4",
    "</script><script>window.harmed=5</script>", "\u202egnp.exe\u202c", "a\u200bb\u2066c\u{e0041}", "=HYPERLINK(\"http://evil.example\",\"x\")", "{{constructor.constructor('window.harmed=6')()}}",
    "W".repeat(3000), "https://evil.example/<b>x</b>", "%3Cscript%3E", "&lt;b&gt;", "\u0000\u0007", "مرحبا‏ abc", "מנהל (org:member) 7", `Z${"\u0335\u0310".repeat(60)}algo`, "🏳️‍🌈 👩‍👩‍👧",
];

// The same result with an enemy's text in the place of each text that may be one: in turn another.
export function hostile(value, name = "", turn = { next: 0 }) {
    if (Array.isArray(value)) return value.map((item) => hostile(item, name, turn));
    if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hostile(item, key, turn)]));
    if (typeof value !== "string" || name === "tool") return value;
    turn.next += 1;
    return HOSTILE[turn.next % HOSTILE.length];
}

export const result = (structuredContent, _meta) => ({ content: [{ type: "text", text: JSON.stringify(structuredContent) }], structuredContent, ...(_meta && { _meta }) });

// So many users.
export const users = (count) => Array.from({ length: count }, (_, place) => ({
    id: `user_${place}`, first_name: `First ${place}`, last_name: `Last ${(place * 7919) % count}`, primary_email_address_id: "idn_1",
    email_addresses: [{ id: "idn_1", email_address: `person${place}@mail.example` }], banned: place % 97 === 0, locked: false,
    two_factor_enabled: place % 3 === 0, created_at: new Date(1.7e12 + place * 6e7).toISOString(),
}));

// A preview with very much in it.
export const longPreview = (count) => ({
    action: "Update a user", tool: "clerk_update_user", summary: "…", user: { id: "user_1", name: "Ada ".repeat(200), email_address: "a@b.example" },
    changes: Array.from({ length: 100 }, (_, place) => ({ path: `/public_metadata/key_${place}`, before: "x".repeat(count), after: `${"x".repeat(count)}y` })),
    more_changes: 900, organizations_count: "100 or more", organizations: Array.from({ length: 10 }, () => ({ name: "Acme", role: "org:admin" })),
});
