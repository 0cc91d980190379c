//! The person at this process's terminal: hears how far a call is, and answers its questions.

use std::io::{self, BufRead, IsTerminal as _, Write, stderr, stdin};

use serde_json::{Value, json};
use tokio::task::spawn_blocking;

use super::style::{BOLD, DIM, RED, styled};
use super::text::{plain, wrapped};
use super::width;

/// Somebody who reads standard error.
#[derive(Clone, Copy)]
pub(crate) struct Person {
    can_answer: bool,
    is_final: bool,
}

impl Person {
    /// The person who sees standard error, where that is a terminal.
    pub(crate) fn here() -> Option<Self> {
        stderr().is_terminal().then(|| Self { can_answer: stdin().is_terminal(), is_final: false })
    }

    /// The same person in a call that may do what cannot be undone.
    pub(crate) fn in_final_call(self, is_final: bool) -> Self {
        Self { is_final, ..self }
    }

    /// Their abilities as a client's: MCP's `ClientCapabilities` in JSON.
    pub(crate) fn capabilities(self) -> &'static str {
        if self.can_answer { r#"{"elicitation":{"form":{}}}"# } else { "{}" }
    }

    /// Asks what the parameters of `elicitation/create` say. The answer is MCP's `ElicitResult` in JSON.
    ///
    /// # Errors
    ///
    /// Why it cannot be asked, in words.
    pub(crate) async fn ask(self, params: &str) -> Result<String, String> {
        let params: Value = serde_json::from_str(params).map_err(|error| error.to_string())?;
        let ask = move || {
            forget_what_was_typed();
            let form = Form { params: &params, is_final: self.is_final, most: width() };
            form.ask(&mut stdin().lock(), &mut anstream::stderr())
        };
        let answer = spawn_blocking(ask).await.map_err(|error| error.to_string())?;
        answer.map_err(|error| error.to_string())
    }
}

/// Tells whoever sees standard error how far a call is.
pub(crate) fn tell(progress: Option<(f64, Option<f64>)>, message: &str) {
    let steps = match progress {
        Some((progress, Some(total))) => format!("[{progress}/{total}] "),
        Some((progress, None)) => format!("[{progress}] "),
        None => String::new(),
    };
    // A terminal that has gone away is noticed elsewhere.
    let _ = writeln!(anstream::stderr(), "{}", styled(DIM, &plain(&format!("{steps}{message}"))));
}

/// Drops what was typed before the question was there: it is no answer to that.
fn forget_what_was_typed() {
    #[cfg(unix)]
    let _ = rustix::termios::tcflush(stdin(), rustix::termios::QueueSelector::IFlush);
}

/// A question, with fields to be filled in.
struct Form<'a> {
    params: &'a Value,
    is_final: bool,
    /// The columns of the terminal.
    most: usize,
}

impl Form<'_> {
    fn ask(&self, input: &mut impl BufRead, output: &mut impl Write) -> io::Result<String> {
        let message = self.params["message"].as_str().unwrap_or_default();
        let first = if self.is_final { RED.bold() } else { BOLD };
        for (number, line) in message.lines().enumerate() {
            for part in wrapped(line, self.most) {
                writeln!(output, "{}", if number == 0 { styled(first, &part) } else { part })?;
            }
        }
        let fields = self.params["requestedSchema"]["properties"].as_object();
        let mut content = serde_json::Map::new();
        for (name, field) in fields.into_iter().flatten() {
            match answer(field, input, output)? {
                Some(value) => drop(content.insert(name.clone(), value.into())),
                None => return Ok(json!({ "action": "cancel" }).to_string()),
            }
        }
        Ok(json!({ "action": "accept", "content": content }).to_string())
    }
}

/// The answer to one field; none where nothing is typed, or the input has ended.
///
/// # Errors
///
/// The field takes something else than a text or one of several, or the terminal cannot be used.
fn answer(field: &Value, input: &mut impl BufRead, output: &mut impl Write) -> io::Result<Option<String>> {
    if field["type"] != "string" {
        return Err(io::Error::other("a terminal asks for texts and choices only"));
    }
    let title = plain(field["title"].as_str().unwrap_or("Answer"));
    let Some(choices) = field["enum"].as_array() else {
        let description = field["description"].as_str().map(plain);
        let typed = line(&format!("{}\n{title}: ", description.unwrap_or_default()), input, output)?;
        return Ok(typed.filter(|typed| !typed.is_empty()));
    };
    let choices: Vec<&str> = choices.iter().filter_map(Value::as_str).collect();
    let prompt = format!("{title} ({}) ", plain(&choices.join("/")));
    loop {
        let Some(typed) = line(&prompt, input, output)? else { return Ok(None) };
        let typed = typed.to_lowercase();
        let mut meant = choices.iter().filter(|choice| !typed.is_empty() && choice.to_lowercase().starts_with(&typed));
        match (meant.next(), meant.next()) {
            (Some(choice), None) => return Ok(Some((*choice).to_owned())),
            _ => writeln!(output, "Type {}.", plain(&choices.join(" or ")))?,
        }
    }
}

/// A line that somebody types; none where the input has ended.
fn line(prompt: &str, input: &mut impl BufRead, output: &mut impl Write) -> io::Result<Option<String>> {
    write!(output, "{prompt}")?;
    output.flush()?;
    let mut typed = String::new();
    if input.read_line(&mut typed)? == 0 {
        writeln!(output)?;
        return Ok(None);
    }
    Ok(Some(typed.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(field: &Value, typed: &str) -> (String, String) {
        let params = json!({ "message": "Delete?\nid: 1", "requestedSchema": { "properties": { "f": field } } });
        let mut output = Vec::new();
        let form = Form { params: &params, is_final: false, most: 80 };
        let answer = form.ask(&mut typed.as_bytes(), &mut output).unwrap_or_else(|error| error.to_string());
        (answer, anstream::adapter::strip_str(&String::from_utf8_lossy(&output)).to_string())
    }

    #[test]
    fn a_choice_is_asked_for_until_it_is_clear() {
        let field = json!({ "type": "string", "title": "Go ahead?", "enum": ["no", "yes"] });
        for (typed, chosen) in [("yes\n", "yes"), ("Y\n", "yes"), ("n\n", "no"), ("\nyess\nno\n", "no")] {
            let (answer, screen) = asked(&field, typed);
            assert_eq!(answer, json!({ "action": "accept", "content": { "f": chosen } }).to_string(), "{typed:?}");
            assert!(screen.starts_with("Delete?\nid: 1\nGo ahead? (no/yes) "), "{screen}");
        }
        assert_eq!(asked(&field, "\n").0, r#"{"action":"cancel"}"#, "the input has ended");
    }

    #[test]
    fn a_text_is_taken_as_it_is_typed() {
        let field = json!({ "type": "string", "title": "Name", "description": "Type \"Acme\" to agree." });
        let (answer, screen) = asked(&field, " Ac me \n");
        assert_eq!(answer, r#"{"action":"accept","content":{"f":"Ac me"}}"#);
        assert!(screen.ends_with("Type \"Acme\" to agree.\nName: "), "{screen}");
        for nothing in ["", " \n"] {
            assert_eq!(asked(&field, nothing).0, r#"{"action":"cancel"}"#);
        }
        assert!(asked(&json!({ "type": "number" }), "1\n").0.contains("texts and choices only"));
    }
}
