/** Installs what a display needs before test files would do it side by side. */
import { installDisplay } from "./support/display.ts";

/** Runs once, before the windowed tests. */
export default function setup(): void {
  installDisplay();
}
