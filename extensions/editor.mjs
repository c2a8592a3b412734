// The editor of the practice pad, as `make site` bundles it: a real textarea
// below coloured text, of prism-code-editor.

import { createEditor } from "prism-code-editor";
import { defaultCommands } from "prism-code-editor/commands";
import { matchBrackets } from "prism-code-editor/match-brackets";
import "prism-code-editor/layout.css";
import "prism-code-editor/languages/python";
import "prism-code-editor/prism/languages/python";

/** Put an editor into an element and return its textarea. */
export function edit(element, value, changed) {
  const editor = createEditor(
    element,
    { language: "python", tabSize: 4, value, onUpdate: changed },
    defaultCommands(),
    matchBrackets(),
  );
  return editor.textarea;
}
