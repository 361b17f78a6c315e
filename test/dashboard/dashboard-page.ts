/** The dashboard in a real browser: logged in as a person is, and read as a person reads it. */
import type { Page } from "puppeteer-core";
import type { Browser } from "../support/browser.ts";
import { openAdapter } from "../support/protocol-client.ts";
import { until } from "../support/wait.ts";

const DEADLINE_MS = 30_000;

/** A hub that tests reach. */
export interface ReachableHub {
  readonly url: string;
  readonly token: string;
}

/** A link that logs in, once. */
export async function loginLink({ url, token }: ReachableHub): Promise<string> {
  const { client } = await openAdapter(url, token, { identify: { clientType: "cli" } });
  try {
    const { result } = await client.request("hub.create_login_code");
    return (result as { url: string }).url;
  } finally {
    await client.close();
  }
}

/** One page, with everything that went wrong in it. */
export class DashboardPage {
  readonly page: Page;
  /** Errors of scripts, violations of the policy, and answers other than success. */
  readonly complaints: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("console", (message) => this.complaints.push(message.text()));
  }

  /** Opens `link` in a new page; nothing is waited for. */
  static async open(browser: Browser, link: string): Promise<DashboardPage> {
    const opened = new DashboardPage(await browser.open());
    await opened.page.goto(link);
    return opened;
  }

  /** Opens the dashboard logged in, and waits until it is live. */
  static async logIn(browser: Browser, hub: ReachableHub): Promise<DashboardPage> {
    const opened = await DashboardPage.open(browser, await loginLink(hub));
    await opened.untilState("live");
    return opened;
  }

  /** Waits until the page says that its connection is in that state. */
  async untilState(state: "live" | "away" | "ended"): Promise<void> {
    await this.until(`document.body.dataset.state === ${JSON.stringify(state)}`, `the state ${state}`);
  }

  /** Waits until an expression is true in the page. */
  async until(expression: string, what = expression): Promise<void> {
    await until(() => this.page.evaluate(expression), { what, deadlineMs: DEADLINE_MS });
  }

  /** Texts of the rows of a table, cells separated by tabs. */
  async rows(table: string): Promise<string[]> {
    const cells = `[...row.cells].map((cell) => cell.innerText.trim().replaceAll("\\n", " ")).join("\\t")`;
    const rows = await this.page.evaluate(
      `[...document.querySelectorAll("#${table} tbody tr")].map((row) => ${cells})`,
    );
    return rows as string[];
  }

  /** Waits for a row of a table that matches, and returns its text. */
  async row(table: string, pattern: RegExp): Promise<string> {
    const find = async () => (await this.rows(table)).find((row) => pattern.test(row));
    return until(find, { what: `${pattern} in ${table}`, deadlineMs: DEADLINE_MS });
  }

  /** Waits until no row of a table matches. */
  async untilNoRow(table: string, pattern: RegExp): Promise<void> {
    const isGone = async () => !(await this.rows(table)).some((row) => pattern.test(row));
    await until(isGone, { what: `no ${pattern} in ${table}`, deadlineMs: DEADLINE_MS });
  }

  /** The button with that accessible name. */
  button(name: string) {
    return this.page.locator(`::-p-aria([name="${name}"][role="button"])`).setTimeout(DEADLINE_MS);
  }

  /** Accessible name, or text, of the element that has the focus. */
  async focused(): Promise<string> {
    const name = "document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText";
    return String(await this.page.evaluate(name)).trim();
  }
}
