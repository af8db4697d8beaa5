/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! The parameter `pipe` of a request changes the response: `pipe=status(404)|header(X-A,b)`.
//!
//! | pipe | does |
//! |---|---|
//! | `status(code)` | another status |
//! | `header(name,value)`, `header(name,value,True)` | sets, or adds, a header; `\,` is a comma |
//! | `sub` | fills in as for a file with `.sub.` in its name |
//! | `trickle(d1:10:d0.5)` | waits 1 s, writes 10 bytes, waits half a second, and writes the rest |
//! | `hold(key)`, `hold(key,bytes)` | before anything, or after some bytes of the body, waits until `/handlers/release?key=…` was asked for |
//! | `truncate(bytes)` | closes the connection after some bytes of the body |
//! | `never` | never answers |
//! | `note(key)` | keeps the request for `/handlers/noted?key=…` |
//!
//! The first four are wptserve's.

use std::time::Duration;

use super::http::{Request, Response, Step};
use super::{Site, handlers, template};

/// Runs all pipes of a parameter.
pub(super) fn apply(
    pipe: &str,
    request: &Request,
    mut response: Response,
    site: &Site,
) -> Result<Response, String> {
    for (name, arguments) in parse(pipe)? {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        match (name.as_str(), arguments.as_slice()) {
            ("status", [code]) => response.set_status(number(code)?),
            ("header", [name, value]) => response.set_header(name, value),
            ("header", [name, value, "True"]) => response.add_header(name, value),
            ("sub", []) => template::fill(&mut response, request, site),
            ("trickle", [commands]) => response.steps = trickle(commands)?,
            ("hold", [key]) => response.steps.insert(0, Step::Hold((*key).to_owned())),
            ("hold", [key, bytes]) => {
                let until = Step::Write { until: number(bytes)? };
                response.steps = vec![until, Step::Hold((*key).to_owned()), Step::Finish];
            }
            ("truncate", [bytes]) => response.steps = vec![Step::Write { until: number(bytes)? }],
            ("never", []) => response.steps = vec![Step::Never],
            ("note", [key]) => site.memory.note(key, handlers::describe(request)),
            _ => return Err(format!("{name} with {} arguments", arguments.len())),
        }
    }
    Ok(response)
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.trim().parse().map_err(|_| format!("'{text}' is no such number"))
}

fn trickle(commands: &str) -> Result<Vec<Step>, String> {
    let mut steps = Vec::new();
    let mut until = 0;
    for command in commands.split(':') {
        steps.push(match command.strip_prefix('d') {
            Some(seconds) => {
                let time = Duration::try_from_secs_f64(number(seconds)?);
                Step::Pause(time.map_err(|error| error.to_string())?)
            }
            None => {
                until += number::<usize>(command)?;
                Step::Write { until }
            }
        });
    }
    steps.push(Step::Finish);
    Ok(steps)
}

/// The names and arguments of `name(argument,argument)|name`.
fn parse(pipe: &str) -> Result<Vec<(String, Vec<String>)>, String> {
    let mut pipes = Vec::new();
    let mut characters = pipe.chars().peekable();
    while characters.peek().is_some() {
        let mut name = String::new();
        let mut arguments = Vec::new();
        while let Some(character) = characters.next_if(|it| !"(|".contains(*it)) {
            name.push(character);
        }
        if characters.next_if_eq(&'(').is_some() {
            arguments.push(String::new());
            loop {
                match characters.next().ok_or("a parenthesis is not closed")? {
                    ')' => break,
                    ',' => arguments.push(String::new()),
                    character => {
                        let escaped = if character == '\\' { characters.next() } else { None };
                        if let Some(argument) = arguments.last_mut() {
                            argument.push(escaped.unwrap_or(character));
                        }
                    }
                }
            }
        }
        pipes.push((name, arguments));
        if characters.next().is_some_and(|character| character != '|') {
            return Err("after a pipe comes | or nothing".to_owned());
        }
    }
    Ok(pipes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pipes_have_names_and_arguments() {
        let parsed = parse(r"header(A,b\, c)|never|trickle(d1:5)").unwrap();
        let shown: Vec<_> =
            parsed.iter().map(|(name, arguments)| format!("{name} {arguments:?}")).collect();
        let expected = [r#"header ["A", "b, c"]"#, "never []", r#"trickle ["d1:5"]"#];
        assert_eq!(shown, expected);
        assert!(parse("status(404").is_err());
        assert!(parse("status(404)x").is_err());
    }

    #[test]
    fn a_trickle_counts_bytes_from_the_last_place() {
        let second = Step::Pause(Duration::from_secs(1));
        let (five, seven) = (Step::Write { until: 5 }, Step::Write { until: 7 });
        assert_eq!(trickle("d1:5:2").unwrap(), [second, five, seven, Step::Finish]);
        assert!(trickle("x").is_err());
        assert!(trickle("d-1").is_err());
    }
}
