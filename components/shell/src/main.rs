/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

//! `sordino`: the headless reference engine. It opens pages, each in a content process of its own,
//! and owns the session manager, the media controls and the network.
//!
//! * [`address`]: what the user may call a page.
//! * [`control`]: driving a running program from another process.
//! * [`local_storage`]: what pages keep with their origin.
//! * [`run`]: the main loop of `sordino run`.
//! * [`tab`]: a content process, from its start to its end.
//! * [`output`]: standard output.
//! * [`permissions`]: who may capture.
//! * [`prompt`]: what the user types.
//! * [`replay`]: records of what the session manager did, and their replay.
//! * [`net`]: fetches for content processes.
//! * [`report`]: what happened, as lines for people or JSON for programs.
//! * [`settings`]: preferences as the session manager and the network take them.
//! * [`status`]: the live status on a terminal.

mod address;
mod control;
mod local_storage;
mod net;
mod output;
mod permissions;
mod prompt;
mod replay;
mod report;
mod run;
mod settings;
mod status;
mod tab;

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Plays web pages without a window, under one set of media controls.
#[derive(Debug, Parser)]
#[command(name = "sordino", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Open pages, each in a tab of its own, and play them until you end it (Ctrl-C, or q).
    ///
    /// On a terminal there is a live status with keys: space plays and pauses, n and p change the
    /// piece, s stops, the arrows seek, a triggers any action, P pauses all tabs, m mutes, + and -
    /// change the volume, c clicks an element, i keeps the keys with what is active, o changes what
    /// tabs do to each other, w says why everything is as it is, q ends; y and n answer a page that
    /// asks for the microphone or the camera. Elsewhere there is a line for each event.
    ///
    /// The exit status is 0 when all went well, 1 when a page could not be opened or its process
    /// died.
    Run(run::Options),
    /// Run a record of `sordino run --record` through the session manager's pure cores again, and
    /// print what they say.
    ///
    /// The exit status is 0 when they say what they said then, 1 when they do not, 2 when the file
    /// cannot be read.
    Replay(replay::Options),
    /// Click an element of a page that `sordino run` shows, as its user would: the page may then play
    /// and do whatever else needs a user's act.
    ///
    /// The exit status is 0 when something was clicked, else 1.
    Click(control::ClickOptions),
    /// Have a page that `sordino run` shows do an action of its media session, as a media key would:
    /// play, nexttrack, nextslide, seekto 30.
    ///
    /// The exit status is 0 when the action was sent, else 1.
    Action(control::ActionOptions),
    /// Let a page that `sordino run` shows use the microphone or the camera, which it has asked for. It is
    /// remembered for its origin until `sordino run` ends.
    ///
    /// The exit status is 0 when a page had asked, else 1.
    Permit(control::PermissionOptions),
    /// Refuse a page the microphone or the camera, which it has asked for. It is not asked for again in its
    /// tab.
    ///
    /// The exit status is 0 when a page had asked, else 1.
    Deny(control::PermissionOptions),
    /// Print the preferences: their names, meanings and defaults, as TOML.
    Prefs,
    /// A content process; only sordino itself starts it.
    #[command(hide = true)]
    Content,
}

fn main() -> ExitCode {
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("error")).init();
    match Arguments::parse().command {
        Command::Run(options) => run::run(&options),
        Command::Replay(options) => replay::run(&options),
        Command::Action(options) => control::action(&options),
        Command::Click(options) => control::click(options),
        Command::Permit(options) => control::permit(&options),
        Command::Deny(options) => control::deny(&options),
        Command::Prefs => {
            // The licence is above the first empty comment line; what a user reads is below.
            let table = sordino_script::PREFS_TABLE;
            let shown = table.split_once("\n#\n").map_or(table, |(_, table)| table);
            // A reader that went away, as of a pipe, wants no more.
            let _ = std::io::stdout().lock().write_all(shown.as_bytes());
            ExitCode::SUCCESS
        }
        Command::Content => match tab::read_server_name() {
            Ok(server) => sordino_script::run_content_process(server),
            Err(error) => {
                eprintln!("sordino content: {error}; use `sordino run` to open a page");
                ExitCode::FAILURE
            }
        },
    }
}
