/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! What tests of the content process share: an agent whose shell and session manager only listen.

use std::rc::Rc;
use std::sync::Mutex;
use std::thread;

use ipc_channel::ipc;
use sordino_media::Media;
use sordino_media::session::ToManager;
use sordino_script_bindings::JsValue;
use sordino_traits::NamespaceId;
use sordino_traits::embedder::DeviceSalt;
use sordino_traits::id::IdAllocator;

use crate::agent::{Agent, Outside};
use crate::page::Page;
use crate::prefs::Prefs;

/// Held by tests that use much memory or measure it.
pub(crate) static MEMORY: Mutex<()> = Mutex::new(());

/// A channel whose other end is read, as the shell and the session manager do.
fn read<T>() -> ipc::IpcSender<T>
where
    T: for<'de> serde::Deserialize<'de> + serde::Serialize + Send + 'static,
{
    let (sender, receiver) = ipc::channel::<T>().unwrap();
    thread::spawn(move || while receiver.recv().is_ok() {});
    sender
}

/// An agent with a tab that shows nothing yet.
pub(crate) fn agent(prefs: &[&str]) -> Rc<Agent> {
    let prefs: Vec<_> = prefs.iter().map(|pref| (*pref).to_owned()).collect();
    let media = Media::start(None, |_| {}).unwrap();
    let outside = Outside { manager: ToManager::new(read()), shell: read(), media };
    let ids = IdAllocator::new(NamespaceId(1));
    let agent =
        Agent::new(Prefs::with(&prefs).unwrap(), ids, DeviceSalt::default(), outside).unwrap();
    agent.open_empty();
    agent
}

pub(crate) fn run_all_tasks(agent: &Rc<Agent>) {
    while agent.run_task() {}
}

/// Navigates the tab to this document.
pub(crate) fn show(agent: &Rc<Agent>, html: &str) -> Rc<Page> {
    let top = agent.top().unwrap();
    top.show_text("https://example.org/", html);
    run_all_tasks(agent);
    top.page().unwrap()
}

pub(crate) fn eval(page: &Page, source: &str) -> JsValue {
    page.realm().eval(source, "test").unwrap()
}
