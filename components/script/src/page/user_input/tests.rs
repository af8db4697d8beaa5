/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

use crate::testing::{agent, eval, run_all_tasks, show};

/// Opens a page, clicks what matches the selectors, and returns what the page's script then finds in
/// `log`, an array of strings that is there from the start.
fn log_of_clicks(html: &str, prefs: &[&str], selectors: &[&str]) -> String {
    let agent = agent(prefs);
    let page = show(&agent, &format!("<!DOCTYPE html><script>const log = [];</script>{html}"));
    for selector in selectors {
        page.click(selector).unwrap();
        run_all_tasks(&agent);
    }
    let log = page.realm().describe(&eval(&page, "log.join('\\n')"));
    agent.close();
    log
}

/// Logs the events that a click makes, with these properties.
fn logging(properties: &str) -> String {
    format!(
        "<p id=outer><button id=b>b</button></p><script>
        const types = ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click'];
        for (const type of types)
            document.addEventListener(type, event => log.push([type, {properties}].join(' ')));
        </script>"
    )
}

#[test]
fn a_click_is_what_a_user_does_with_a_mouse() {
    let kinds = "event.constructor.name, event.isTrusted, event.target.id, event.bubbles, \
                 event.cancelable, event.composed, event.view === window";
    assert_eq!(
        log_of_clicks(&logging(kinds), &[], &["#b"]),
        "pointerdown PointerEvent true b true true true true\n\
         mousedown MouseEvent true b true true true true\n\
         pointerup PointerEvent true b true true true true\n\
         mouseup MouseEvent true b true true true true\n\
         click PointerEvent true b true true true true"
    );
    let state = "event.button, event.buttons, event.detail, event.pointerId ?? '-', \
                 event.pointerType ?? '-', event.isPrimary ?? '-', event.pressure ?? '-'";
    assert_eq!(
        log_of_clicks(&logging(state), &[], &["#b"]),
        "pointerdown 0 1 0 1 mouse true 0.5\n\
         mousedown 0 1 1 - - - -\n\
         pointerup 0 0 0 1 mouse true 0\n\
         mouseup 0 0 1 - - - -\n\
         click 0 0 1 1 mouse false 0"
    );
}

#[test]
fn a_click_of_script_is_one_event_that_is_not_trusted() {
    let html = logging("event.constructor.name, event.isTrusted, event.pointerId, event.detail");
    let html = format!("{html}<script>document.getElementById('b').click()</script>");
    assert_eq!(log_of_clicks(&html, &[], &[]), "click PointerEvent false -1 0");
}

#[test]
fn a_page_that_cancels_pointerdown_gets_no_mouse_events() {
    let html = logging("''") + "<script>document.onpointerdown = () => false</script>";
    let log = log_of_clicks(&html, &[], &["#b"]);
    assert_eq!(log.replace('\n', ""), "pointerdown pointerup click ");
}

#[test]
fn what_leaves_the_document_is_not_clicked() {
    let html = logging("''")
        + "<script>document.getElementById('b').onmousedown = event => event.target.remove()</script>";
    let log = log_of_clicks(&html, &[], &["#b"]);
    assert_eq!(log.replace('\n', ""), "pointerdown mousedown ");
}

#[test]
fn a_disabled_button_is_not_clicked() {
    let html = logging("''").replace("<button", "<button disabled");
    let log = log_of_clicks(&html, &[], &["#b"]);
    assert_eq!(log.replace('\n', ""), "pointerdown mousedown pointerup mouseup ");
    let html = html + "<script>document.getElementById('b').click()</script>";
    assert_eq!(log_of_clicks(&html, &[], &[]), "");
}

#[test]
fn a_click_activates_before_its_first_event() {
    let html = logging("navigator.userActivation.isActive, navigator.userActivation.hasBeenActive")
        + "<script>log.push(navigator.userActivation.isActive)</script>";
    let log = log_of_clicks(&html, &[], &["#b"]);
    assert_eq!(log.lines().next(), Some("false"));
    assert_eq!(log.lines().nth(1), Some("pointerdown true true"));
    let brief = ["dom.user_activation.transient_seconds=0"];
    let log = log_of_clicks(&html, &brief, &["#b"]);
    assert_eq!(log.lines().nth(5), Some("click false true"), "it is over at once");
}

#[test]
fn handlers_in_attributes_run_for_clicks() {
    let html = "<body onclick=\"log.push('body ' + event.target.id)\">\
                <button id=b onclick=\"log.push(this.id); onclick = null\"></button>";
    assert_eq!(log_of_clicks(html, &[], &["#b", "#b"]), "b\nbody b\nbody b");
}

#[test]
fn a_click_on_a_label_is_one_of_the_user_on_its_control() {
    let html = "<label id=l>Loop <input type=checkbox id=box></label><script>
        document.getElementById('box').addEventListener('click', event => {
            log.push(event.isTrusted, event.pointerId, event.target.checked);
        });
        </script>";
    assert_eq!(log_of_clicks(html, &[], &["#l"]), "true\n-1\ntrue");
    assert_eq!(log_of_clicks(html, &[], &["#box"]), "true\n1\ntrue");
}

/// Tries to play, muted and not, on opening and after a click.
const PLAYS: &str = "<button id=b></button><script>
    const { getAutoplayPolicy } = navigator;
    const policy = of => getAutoplayPolicy.call(navigator, of);
    const attempt = (name, muted) => {
        const audio = new Audio();
        audio.muted = muted;
        audio.play().catch(error => log.push(name + ' ' + error.name));
        if (!audio.paused)
            log.push(name + ' plays');
        return audio;
    };
    const attempts = () => {
        attempt('muted', true);
        const audio = attempt('audible', false);
        log.push([policy('mediaelement'), policy(audio), policy('audiocontext')].join());
    };
    attempts();
    document.getElementById('b').onclick = attempts;
    </script>";

#[test]
fn what_plays_before_the_user_acts_is_a_preference() {
    let all = "muted plays\naudible plays\nallowed,allowed,allowed";
    let nothing =
        "disallowed,disallowed,disallowed\nmuted NotAllowedError\naudible NotAllowedError";
    let muted = "muted plays\nallowed-muted,allowed-muted,disallowed\naudible NotAllowedError";
    for (policy, before) in [("allowed", all), ("muted-only", muted), ("user-gesture", nothing)] {
        let pref = format!("media.autoplay={policy}");
        assert_eq!(log_of_clicks(PLAYS, &[&pref], &[]), before, "{policy}");
        let log = log_of_clicks(PLAYS, &[&pref], &["#b"]);
        assert_eq!(log, format!("{before}\n{all}"), "{policy}, after a click");
    }
}

#[test]
fn what_may_only_play_unheard_pauses_when_it_is_made_audible() {
    let html = "<script>
        for (const hush of [{ muted: true }, { volume: 0 }]) {
            const audio = Object.assign(new Audio(), hush);
            audio.play().catch(error => log.push(error.name));
            audio.volume /= 2;
            log.push(audio.paused);
            Object.assign(audio, { muted: false, volume: 1 });
            log.push(audio.paused);
        }
        </script>";
    assert_eq!(
        log_of_clicks(html, &["media.autoplay=muted-only"], &[]),
        "false\ntrue\nfalse\ntrue\nAbortError\nAbortError"
    );
    assert_eq!(log_of_clicks(html, &[], &[]), "false\nfalse\nfalse\nfalse");
}
