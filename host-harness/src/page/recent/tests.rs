use super::*;

fn call(name: &str, subject: Option<&str>, outcome: &'static str, milliseconds: u64) -> Ended {
    Ended {
        at: SystemTime::now(),
        method: "tools/call",
        name: name.into(),
        instance: None,
        who: Who { subject: subject.map(str::to_owned), ..Who::default() },
        outcome,
        took: Duration::from_millis(milliseconds),
    }
}

fn record(recent: &Recent, call: Ended) {
    recent.begin();
    recent.end(call);
}

fn question(subject: Option<&str>, lasts: Duration) -> Question {
    let who = Who { subject: subject.map(str::to_owned), ..Who::default() };
    let since = SystemTime::now();
    Question { name: "clerk_ban_user".into(), instance: None, who, since, until: since + lasts }
}

fn waiting(recent: &Recent) -> usize {
    recent.questions(|_| true).len()
}

const SOON: Duration = Duration::from_mins(10);

#[test]
fn calls_are_counted_in_their_minute_and_forgotten_after_an_hour() {
    let recent = Recent::default();
    for outcome in ["ok", "error", "input_required", "denied"] {
        record(&recent, call("a", None, outcome, 1));
    }
    let last = recent.figures();
    assert_eq!((last.len(), last[59].calls, last[59].failed), (MINUTES, 4, 2));
    assert!(last[..59].iter().all(|minute| *minute == Figures::default()));
    let at = |minutes: u64| recent.figures_at(Instant::now() + Duration::from_mins(minutes));
    assert_eq!((at(1)[58].calls, at(59)[0].calls), (4, 4));
    assert_eq!(at(60).iter().map(|minute| minute.calls).sum::<u32>(), 0);
}

#[test]
fn half_of_the_calls_are_within_the_median_and_few_beyond_the_slow() {
    let recent = Recent::default();
    assert_eq!(recent.figures()[59].median, None);
    for milliseconds in [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 40, 40, 40, 40, 40, 40, 40, 40, 900] {
        record(&recent, call("a", None, "ok", milliseconds));
    }
    let Figures { median, slow, .. } = recent.figures()[59].clone();
    let within = |found: Option<Duration>, truth: f64| {
        let found = found.expect("there were calls").as_secs_f64() * 1000.0;
        assert!(found >= truth && found < truth * 1.2, "{found} for {truth}");
    };
    within(median, 2.0);
    within(slow, 40.0);
}

#[test]
fn no_more_calls_are_kept_than_there_is_room_for() {
    let recent = Recent::default();
    for number in 0..=MOST_CALLS {
        record(&recent, call(&number.to_string(), None, "ok", 1));
    }
    let calls = recent.calls(|_| true);
    assert_eq!((calls.len(), &*calls[0].name, &*calls[MOST_CALLS - 1].name), (MOST_CALLS, "200", "1"));
    assert_eq!(recent.in_flight(), 0);
    recent.begin();
    assert_eq!(recent.in_flight(), 1);
}

#[test]
fn a_holder_is_shown_what_is_theirs() {
    let recent = Recent::default();
    record(&recent, call("mine", Some("user_1"), "ok", 1));
    record(&recent, call("theirs", Some("user_2"), "ok", 1));
    record(&recent, call("nobodys", None, "ok", 1));
    let is_of = |subject: &'static str| move |who: &Who| who.subject.as_deref() == Some(subject);
    let names: Vec<_> = recent.calls(is_of("user_1")).into_iter().map(|call| call.name).collect();
    assert_eq!(names, ["mine".into()]);
    recent.give_out([1; 32], question(Some("user_2"), SOON));
    assert_eq!((recent.questions(is_of("user_1")).len(), recent.questions(is_of("user_2")).len()), (0, 1));
    assert_eq!((recent.calls(|_| true).len(), waiting(&recent)), (3, 1));
}

#[test]
fn a_question_is_shown_until_it_is_answered_or_too_late() {
    let recent = Recent::default();
    let first = recent.ask(question(None, SOON));
    let other = recent.ask(question(None, SOON));
    drop(first);
    assert_eq!(waiting(&recent), 1);
    drop(other);
    for call in [[1; 32], [1; 32], [2; 32]] {
        recent.give_out(call, question(None, SOON));
    }
    assert_eq!(waiting(&recent), 2, "the same call again has one question");
    recent.take_back([1; 32]);
    assert_eq!(waiting(&recent), 1);
    recent.give_out([2; 32], question(None, Duration::ZERO));
    assert_eq!(waiting(&recent), 0);
    for call in 0..=MOST_QUESTIONS {
        recent.give_out(
            array::from_fn(|place| call.to_le_bytes().get(place).copied().unwrap_or(9)),
            question(None, SOON),
        );
    }
    assert_eq!(waiting(&recent), MOST_QUESTIONS);
}
