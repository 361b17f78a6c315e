/** Asks before something that can't be taken back. */
import { byId, setText } from "./elements.ts";

/** Ends the question that is open, or whose end the browser has not told yet. */
let settle: ((isYes: boolean) => void) | undefined;

/** True when the person says yes. The focus returns to where it was. A question that was not answered yet is a no. */
export function ask(text: string, yes: string): Promise<boolean> {
  const dialog = byId("question", HTMLDialogElement);
  setText(byId("question-text", HTMLElement), text);
  setText(byId("question-yes", HTMLButtonElement), yes);
  settle?.(false);
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    const onClose = (): void => {
      // Told a moment after the dialog has closed: by then this may be the next question's.
      if (!dialog.open) end(dialog.returnValue === "yes");
    };
    const end = (isYes: boolean): void => {
      dialog.removeEventListener("close", onClose);
      settle = undefined;
      resolve(isYes);
    };
    settle = end;
    dialog.addEventListener("close", onClose);
  });
}
