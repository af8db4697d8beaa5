/* This Source Code Form is subject to the terms of the Mozilla Public
 * License, v. 2.0. If a copy of the MPL was not distributed with this
 * file, You can obtain one at https://mozilla.org/MPL/2.0/. */

// Takes the place of the file of this name in web-platform-tests, as far as our tests need it:
// what only a user can do.

"use strict";

{
  // Selectors of the frames around an element, from the outermost on, and of the element.
  function selectors(element) {
    if (!element.id) {
      throw new Error("an element that is clicked needs an id");
    }
    const frame = element.ownerDocument.defaultView.frameElement;
    return [...(frame ? selectors(frame) : []), `#${element.id}`];
  }

  window.test_driver = {
    // Clicks an element. Resolves in a task after the click.
    async click(element) {
      const view = element.ownerDocument.defaultView;
      const clicked = new Promise(resolve => {
        view.addEventListener("click", resolve, { capture: true, once: true });
      });
      window.test_driver_internal.click(selectors(element));
      await clicked;
      await new Promise(resolve => setTimeout(resolve));
    },

    // Clicks an element in a frame of another origin. Resolves at once: the frame has to say
    // that it was clicked.
    click_in_frame(frame, id) {
      window.test_driver_internal.click([...selectors(frame), `#${id}`]);
    },

    // Runs a function while the user has just activated the page.
    async bless(intent, action) {
      const button = document.createElement("button");
      button.id = "test-driver-bless";
      button.textContent = intent;
      document.body.appendChild(button);
      try {
        await window.test_driver.click(button);
      } finally {
        button.remove();
      }
      return action?.();
    },
  };
}
