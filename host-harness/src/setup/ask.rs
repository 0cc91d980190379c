//! Questions at a terminal: plain lines, which work without colours, on Windows and for readers of screens.

use std::io::{self, BufRead, IsTerminal as _, Write};

use super::terminal::read_unseen;

/// One of several things to choose.
pub(crate) struct Choice<'a> {
    pub(crate) title: &'a str,
    pub(crate) remark: &'a str,
    /// Taken where the person chooses nothing.
    pub(crate) is_usual: bool,
}

/// A person at a terminal.
pub(crate) struct Person<I, O> {
    input: I,
    output: O,
    read_secret: fn() -> io::Result<String>,
}

/// No answer came.
#[derive(Debug, thiserror::Error)]
#[error("no answer came, so nothing was changed")]
pub(crate) struct Unanswered(#[from] io::Error);

/// Tells whether there is a person who can be asked.
pub(crate) fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// The person at this process's terminal. What is asked goes to standard error.
pub(crate) fn person() -> Person<impl BufRead, impl Write> {
    Person { input: io::stdin().lock(), output: io::stderr(), read_secret: read_unseen }
}

impl<I: BufRead, O: Write> Person<I, O> {
    /// The numbers of the chosen ones, from 0, at least one.
    pub(crate) fn choose_some(&mut self, question: &str, choices: &[Choice]) -> Result<Vec<usize>, Unanswered> {
        self.show(question, choices)?;
        let usual: Vec<usize> = (0..choices.len()).filter(|&number| choices[number].is_usual).collect();
        let names: Vec<String> = usual.iter().map(|number| (number + 1).to_string()).collect();
        let prompt = match names.as_slice() {
            [] => "Numbers, with commas in between: ".to_owned(),
            names => format!("Numbers, with commas in between [{}]: ", names.join(",")),
        };
        loop {
            match numbers(&self.line(&prompt)?, choices.len()) {
                Some(chosen) if !chosen.is_empty() => return Ok(chosen),
                Some(_) if !usual.is_empty() => return Ok(usual),
                _ => writeln!(self.output, "Type numbers from 1 to {}, such as 1,2.", choices.len())?,
            }
        }
    }

    pub(crate) fn choose_one(&mut self, question: &str, choices: &[Choice]) -> Result<usize, Unanswered> {
        self.show(question, choices)?;
        let usual = choices.iter().position(|choice| choice.is_usual).unwrap_or_default();
        loop {
            match numbers(&self.line(&format!("Number [{}]: ", usual + 1))?, choices.len()).as_deref() {
                Some([]) => return Ok(usual),
                Some([chosen]) => return Ok(*chosen),
                _ => writeln!(self.output, "Type one number from 1 to {}.", choices.len())?,
            }
        }
    }

    pub(crate) fn agrees(&mut self, question: &str, usual: bool) -> Result<bool, Unanswered> {
        let prompt = format!("{question} [{}] ", if usual { "Y/n" } else { "y/N" });
        loop {
            match self.line(&prompt)?.to_ascii_lowercase().as_str() {
                "" => return Ok(usual),
                "y" | "yes" => return Ok(true),
                "n" | "no" => return Ok(false),
                _ => writeln!(self.output, "Type y or n.")?,
            }
        }
    }

    /// A text that does not show while it is typed.
    pub(crate) fn secret(&mut self, prompt: &str) -> Result<String, Unanswered> {
        write!(self.output, "{prompt}")?;
        self.output.flush()?;
        Ok((self.read_secret)()?)
    }

    pub(crate) fn tell(&mut self, text: &str) -> Result<(), Unanswered> {
        Ok(writeln!(self.output, "{text}")?)
    }

    fn show(&mut self, question: &str, choices: &[Choice]) -> io::Result<()> {
        writeln!(self.output, "{question}")?;
        for (number, choice) in choices.iter().enumerate() {
            let line = format!("{:>4}  {:<20} {}", number + 1, choice.title, choice.remark);
            writeln!(self.output, "{}", line.trim_end())?;
        }
        Ok(())
    }

    fn line(&mut self, prompt: &str) -> io::Result<String> {
        write!(self.output, "{prompt}")?;
        self.output.flush()?;
        let mut line = String::new();
        match self.input.read_line(&mut line)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(line.trim().to_owned()),
        }
    }
}

/// Numbers from 1 to `most`, as numbers from 0, each once; none where a part is no such number.
fn numbers(line: &str, most: usize) -> Option<Vec<usize>> {
    let mut chosen = Vec::new();
    for part in line.split([',', ' ']).filter(|part| !part.is_empty()) {
        let number = part.parse::<usize>().ok().filter(|number| (1..=most).contains(number))? - 1;
        if !chosen.contains(&number) {
            chosen.push(number);
        }
    }
    Some(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(lines: &str) -> Person<&[u8], Vec<u8>> {
        Person { input: lines.as_bytes(), output: Vec::new(), read_secret: || Ok(String::new()) }
    }

    const TWO: [Choice; 2] = [
        Choice { title: "one", remark: "found", is_usual: true },
        Choice { title: "two", remark: "", is_usual: false },
    ];

    #[test]
    fn several_are_chosen_by_numbers_and_what_is_usual_by_nothing() {
        for (typed, chosen) in [("\n", vec![0]), ("2\n", vec![1]), ("2, 1,2\n", vec![1, 0]), ("0\n3\nx\n2\n", vec![1])]
        {
            assert_eq!(person(typed).choose_some("Which?", &TWO).ok(), Some(chosen), "{typed:?}");
        }
        assert!(person("").choose_some("Which?", &TWO).is_err(), "the input has ended");
        assert_eq!(person("1,2\n2\n").choose_one("Which?", &TWO).ok(), Some(1));
    }

    #[test]
    fn only_a_clear_answer_is_a_yes() {
        for (typed, usual, agrees) in
            [("\n", false, false), ("\n", true, true), ("maybe\nyes\n", false, true), ("N\n", true, false)]
        {
            assert_eq!(person(typed).agrees("Write?", usual).ok(), Some(agrees), "{typed:?}");
        }
    }
}
