/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! A browser at the other end of a WebSocket: <https://w3c.github.io/webdriver-bidi/>.

use std::collections::VecDeque;
use std::io::ErrorKind;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::{Value, json};
use tungstenite::{Error, Message, WebSocket};

use super::{Browser, PATIENCE, TIME_LIMIT};
use crate::outcome::{Next, Outcome};

/// A message of the browser: an event, or the answer to a command.
#[derive(Debug, Deserialize)]
struct Received {
    id: Option<u64>,
    #[serde(default)]
    method: String,
    #[serde(default)]
    params: Value,
    #[serde(default)]
    result: Value,
    error: Option<String>,
    #[serde(default)]
    message: String,
}

/// A session: the connection to a browser.
pub(crate) struct Session {
    socket: WebSocket<TcpStream>,
    last_id: u64,
    /// Events that came while an answer was awaited.
    events: VecDeque<Received>,
}

impl Session {
    /// Connects to the browser on a port and starts a session with these
    /// [capabilities](https://w3c.github.io/webdriver-bidi/#type-session-CapabilityRequest).
    pub(crate) fn start(port: u16, capabilities: &Value) -> Result<Self, String> {
        let error = |error: &dyn std::error::Error| format!("cannot connect to it: {error}");
        let stream = TcpStream::connect(("127.0.0.1", port)).map_err(|it| error(&it))?;
        let (socket, _) = tungstenite::client(format!("ws://127.0.0.1:{port}/session"), stream)
            .map_err(|it| error(&it))?;
        let mut session = Self { socket, last_id: 0, events: VecDeque::new() };
        session.command("session.new", &json!({ "capabilities": capabilities }))?;
        let events = ["log.entryAdded", "browsingContext.contextDestroyed"];
        session.command("session.subscribe", &json!({ "events": events }))?;
        Ok(session)
    }

    /// Ends the session, which ends a browser that a driver has started.
    pub(crate) fn end(&mut self) {
        // It may have ended already.
        let _ = self.command("session.end", &json!({}));
    }

    /// Sends a command and waits for its result.
    fn command(&mut self, method: &str, params: &Value) -> Result<Value, String> {
        self.last_id += 1;
        let command = json!({ "id": self.last_id, "method": method, "params": params });
        self.socket
            .send(Message::text(command.to_string()))
            .map_err(|error| format!("{method}: {error}"))?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            let received = self.receive(deadline).map_err(|error| format!("{method}: {error}"))?;
            match received.id {
                Some(id) if id == self.last_id => {
                    return match received.error {
                        None => Ok(received.result),
                        Some(error) => Err(format!("{method}: {error}: {}", received.message)),
                    };
                }
                // The answer to a command that nobody waits for any more.
                Some(_) => {}
                None => self.events.push_back(received),
            }
        }
    }

    fn next_event(&mut self, deadline: Instant) -> Result<Received, String> {
        loop {
            let received = match self.events.pop_front() {
                Some(event) => event,
                None => self.receive(deadline)?,
            };
            if received.id.is_none() {
                return Ok(received);
            }
        }
    }

    fn receive(&mut self, deadline: Instant) -> Result<Received, String> {
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let left = left.max(Duration::from_millis(1));
            self.socket.get_ref().set_read_timeout(Some(left)).map_err(|it| it.to_string())?;
            match self.socket.read() {
                Ok(Message::Text(text)) => {
                    return serde_json::from_str(&text)
                        .map_err(|error| format!("{error} in: {text}"));
                }
                Ok(_) => {}
                Err(Error::Io(error))
                    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) =>
                {
                    if Instant::now() >= deadline {
                        return Err("no answer in time".to_owned());
                    }
                }
                Err(error) => return Err(format!("the browser is gone: {error}")),
            }
        }
    }

    /// Runs a test in a tab and a user context of its own.
    fn run_into(&mut self, url: &str, outcome: &mut Outcome) -> Result<(), String> {
        self.events.clear();
        let user_context = self.command("browser.createUserContext", &json!({}))?;
        let user_context = text(&user_context, "/userContext")?;
        let result = self.run_in(&user_context, url, outcome);
        let close = json!({ "userContext": user_context });
        result.and(self.command("browser.removeUserContext", &close).map(|_| ()))
    }

    fn run_in(
        &mut self,
        user_context: &str,
        url: &str,
        outcome: &mut Outcome,
    ) -> Result<(), String> {
        let tab = json!({ "type": "tab", "userContext": user_context });
        let tab = text(&self.command("browsingContext.create", &tab)?, "/context")?;
        let navigation = json!({ "context": tab, "url": url, "wait": "none" });
        self.command("browsingContext.navigate", &navigation)?;
        let deadline = Instant::now() + TIME_LIMIT;
        loop {
            let event = self.next_event(deadline)?;
            let at = |pointer| event.params.pointer(pointer).and_then(Value::as_str);
            match event.method.as_str() {
                "log.entryAdded" if at("/source/context") == Some(&tab) => {
                    let line = at("/args/0/value").or(at("/text")).unwrap_or_default();
                    match outcome.take(line) {
                        Next::Wait => {}
                        Next::Click(selectors) => {
                            if let Err(error) = self.click(&tab, &selectors) {
                                println!("  not done: click on {selectors:?}: {error}");
                            }
                        }
                        Next::Done => return Ok(()),
                    }
                }
                "browsingContext.contextDestroyed" if at("/context") == Some(&tab) => {
                    return Err("the tab is gone".to_owned());
                }
                _ => {}
            }
        }
    }

    /// See [`Next::Click`].
    fn click(&mut self, tab: &str, selectors: &[String]) -> Result<(), String> {
        let (target, frames) = selectors.split_last().ok_or("no selector")?;
        let mut context = tab.to_owned();
        for frame in frames {
            let frame = self.locate(&context, frame)?;
            let window = self.call(&context, "frame => frame.contentWindow", &frame)?;
            context = text(&window, "/result/value/context")?;
        }
        let element = self.locate(&context, target)?;
        self.call(&context, "element => element.scrollIntoView({ block: 'nearest' })", &element)?;
        let origin = json!({ "type": "element", "element": { "sharedId": element } });
        let mouse = json!({
            "type": "pointer",
            "id": "mouse",
            "parameters": { "pointerType": "mouse" },
            "actions": [
                { "type": "pointerMove", "x": 0, "y": 0, "origin": origin },
                { "type": "pointerDown", "button": 0 },
                { "type": "pointerUp", "button": 0 },
            ],
        });
        let click = json!({ "context": context, "actions": [mouse] });
        self.command("input.performActions", &click)?;
        Ok(())
    }

    /// The shared id of the first element that a selector matches.
    fn locate(&mut self, context: &str, selector: &str) -> Result<String, String> {
        let locator = json!({ "type": "css", "value": selector });
        let search = json!({ "context": context, "locator": locator, "maxNodeCount": 1 });
        let found = self.command("browsingContext.locateNodes", &search)?;
        text(&found, "/nodes/0/sharedId").map_err(|_| format!("nothing matches {selector}"))
    }

    fn call(&mut self, context: &str, function: &str, argument: &str) -> Result<Value, String> {
        let call = json!({
            "functionDeclaration": function,
            "arguments": [{ "sharedId": argument }],
            "target": { "context": context },
            "awaitPromise": false,
        });
        self.command("script.callFunction", &call)
    }
}

impl Browser for Session {
    fn run(&mut self, url: &str) -> Outcome {
        let mut outcome = Outcome::default();
        if let Err(error) = self.run_into(url, &mut outcome) {
            outcome.error.get_or_insert(error);
        }
        outcome
    }
}

fn text(value: &Value, pointer: &str) -> Result<String, String> {
    let text = value.pointer(pointer).and_then(Value::as_str);
    text.map(str::to_owned).ok_or_else(|| format!("there is no {pointer} in {value}"))
}
