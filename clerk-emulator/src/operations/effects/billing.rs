//! What users and organizations pay for, and what they have in credit.

use serde_json::{Map, Value, json};

use super::super::check::Request;
use super::super::collections::{self, Collection};
use super::super::engine;
use crate::clock::{self, DAY};
use crate::errors::{Fault, Refusal};
use crate::state::World;
use crate::store::{Thing, has, touch};

/// The owner that the path names, who has to be there.
fn payer(world: &World, request: &Request) -> Result<(String, String), Refusal> {
    engine::check_parents_of(world, request, &request.path)?;
    Ok(request.path[0].clone())
}

fn money(amount: i64) -> Value {
    let formatted = format!("{}.{:02}", amount / 100, amount % 100);
    json!({ "amount": amount, "amount_formatted": formatted, "currency": "usd", "currency_symbol": "$" })
}

fn balance(world: &World, owner: &str) -> i64 {
    let entries = world.store.all("credits").iter().filter(|entry| has(entry, "owner", owner));
    entries.filter_map(|entry| entry.get("change")?.as_i64()).sum()
}

pub(super) fn credits(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let (_, owner) = payer(world, request)?;
    Ok(json!({ "object": "commerce_credit_balance", "balance": money(balance(world, &owner)) }))
}

/// 409 for a key that was used before.
pub(super) fn adjust_credits(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let (_, owner) = payer(world, request)?;
    let key = request.text("idempotency_key").unwrap_or_default();
    if world.store.all("credits").iter().any(|entry| has(entry, "idempotency_key", key)) {
        return Err(Refusal::with(request.operation.documented(&[409]), vec![Fault::taken("idempotency_key")]));
    }
    let amount = request.field("amount").and_then(Value::as_i64).unwrap_or_default();
    let change = if request.text("action") == Some("decrease") { -amount } else { amount };
    if amount <= 0 || balance(world, &owner) + change < 0 {
        return Err(request.refuse(Fault::value("amount", "must be positive, and not more than there is to take")));
    }
    let entry = json!({
        "object": "commerce_credit_ledger",
        "id": world.new_id("ccred"),
        "owner": owner,
        "change": change,
        "idempotency_key": key,
        "amount": money(amount),
        "note": request.field("note"),
        "payer_id": owner,
        "source_type": "manual",
        "created_at": clock::written(clock::now()),
    });
    world.store.all_mut("credits").extend(entry.as_object().cloned());
    Ok(entry)
}

pub(super) fn subscription(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let (name, owner) = payer(world, request)?;
    let items: Vec<&Thing> =
        world.store.all("billing/subscription_items").iter().filter(|item| has(item, &name, &owner)).collect();
    let first = items.first().ok_or_else(|| request.not_found("There is no subscription."))?;
    Ok(json!({
        "object": "commerce_subscription",
        "id": crate::ids::id("csub", &owner),
        "payer_id": first["payer_id"],
        "status": "active",
        "active_at": first["period_start"],
        "created_at": first["created_at"],
        "updated_at": first["updated_at"],
        "past_due_at": null,
        "subscription_items": items,
    }))
}

fn items() -> &'static Collection {
    collections::find("billing/subscription_items").expect("it is in the table")
}

/// At once, or at the end of the period that is paid for.
pub(super) fn cancel(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let item = engine::find(world, request, items())?;
    let now = clock::now();
    let at_once = request.query.get("end_now") == Some(&Value::Bool(true));
    item.insert("canceled_at".to_owned(), now.into());
    item.insert("status".to_owned(), if at_once { "ended" } else { "canceled" }.into());
    if at_once {
        item.insert("ended_at".to_owned(), now.into());
    }
    touch(item);
    Ok(item.clone().into())
}

pub(super) fn extend_free_trial(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let end = request.text("extend_to").and_then(clock::parse).unwrap_or_default();
    let item = engine::find(world, request, items())?;
    if item.get("is_free_trial") != Some(&Value::Bool(true)) || end < clock::now() {
        return Err(request.refuse(Fault::value("extend_to", "must be in the future, of a free trial")));
    }
    item.insert("period_end".to_owned(), end.into());
    touch(item);
    Ok(item.clone().into())
}

fn price(world: &World, request: &Request, parameter: &str) -> Result<Thing, Refusal> {
    let id = request.text(parameter).unwrap_or_default();
    let found = world.store.find("billing/prices", &["id"], id);
    found.cloned().ok_or_else(|| request.not_found(format!("No price has the id {id}.")))
}

pub(super) fn change_price(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let (from, to) = (price(world, request, "from_price_id")?, price(world, request, "to_price_id")?);
    let plan = world.store.find("billing/plans", &["id"], from["plan_id"].as_str().unwrap_or_default()).cloned();
    let new_plan = world.store.find("billing/plans", &["id"], to["plan_id"].as_str().unwrap_or_default()).cloned();
    let item = engine::find(world, request, items())?;
    let changes = json!({ "price_id": to["id"], "plan_id": to["plan_id"], "plan": new_plan });
    item.extend(changes.as_object().cloned().unwrap_or_default());
    touch(item);
    Ok(json!({
        "object": "commerce_price_transition",
        "subscription_item": item,
        "transition": {
            "charged_immediately": false,
            "effective_at": clock::now() + DAY,
            "effective_mode": "end_of_period",
            "previous_plan": plan.unwrap_or_else(Map::new),
            "previous_price": from,
            "previous_subscription_item_id": request.parameter("subscription_item_id"),
            "previous_subscription_item_status": "canceled",
        },
    }))
}
