/** Asks before something that can't be taken back. */
import { byId, setText } from "./elements.ts";

/** True when the person says yes. The focus returns to where it was. */
export function ask(text: string, yes: string): Promise<boolean> {
  const dialog = byId("question", HTMLDialogElement);
  setText(byId("question-text", HTMLElement), text);
  setText(byId("question-yes", HTMLButtonElement), yes);
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
