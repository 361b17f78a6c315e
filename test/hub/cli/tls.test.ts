/** A hub that speaks wss with a certificate that no authority signed, and commands that trust that very certificate. */
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { readHubFile } from "../../../hub-client/state-dir.ts";
import { until } from "../../support/wait.ts";
import { CommandLine } from "./command-line.ts";

/** Made for this test and used for nothing else; valid for a hundred years. */
const CERTIFICATE = fileURLToPath(new URL("tls/certificate.pem", import.meta.url));
const KEY = fileURLToPath(new URL("tls/key.pem", import.meta.url));

it("is found, asked and stopped over TLS; a command without its certificate does not send the token", async () => {
  const tls = { GODOT_HUB_TLS_CERT: CERTIFICATE, GODOT_HUB_TLS_KEY: KEY };
  const cli = new CommandLine();
  cli.spawn(["run", "--port", "0"], tls);
  const hub = await until(() => readHubFile(cli.home), { what: "hub.json", deadlineMs: 30_000 });
  expect(hub.url).toMatch(/^wss:\/\/127\.0\.0\.1:\d+$/);
  expect((await cli.run(["status"], tls)).stdout).toContain(`at ${hub.url}`);
  expect(await cli.run(["status"])).toMatchObject({ code: 1, stderr: expect.stringContaining("self-signed") });
  expect(await cli.run(["run", "--port", "0"], tls)).toMatchObject({ code: 3 });
  expect(await cli.run(["stop"], tls)).toMatchObject({ code: 0 });
});
