/** Tests the question to the user of an AI client when several editors or games fit. */
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema, type ElicitResult } from "@modelcontextprotocol/sdk/types.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { HubProcess } from "../support/hub-process.ts";
import { startMcpClient } from "../support/mcp-client.ts";
import { StubInstance } from "../support/stub-instance.ts";
import { Agent, kindOf, textOf } from "../support/studio.ts";
import { deferred } from "../support/wait.ts";
import { HttpAdapter } from "./support/http-adapter.ts";

let hub: HubProcess;
let agents: Agent[];
let instances: StubInstance[];
beforeEach(async () => {
  hub = await HubProcess.start();
  agents = [];
  instances = [];
});
afterEach(async () => {
  await Promise.all(agents.map(({ mcp }) => mcp.close()));
  for (const { client } of instances) client.terminate();
  await hub.dispose();
});

async function instance(options: ConstructorParameters<typeof StubInstance>[0]): Promise<StubInstance> {
  const started = new StubInstance(options);
  await started.connect(hub.url, hub.token);
  instances.push(started);
  return started;
}

type Reply = (choices: string[]) => ElicitResult | Promise<ElicitResult>;

const FORM = { elicitation: { form: {} } };

/** The form that a user is shown. */
const formSchema = z.object({
  message: z.string().min(1),
  requestedSchema: z.object({ properties: z.object({ choice: z.object({ enum: z.array(z.string()) }) }) }),
});

/** An AI client outside any project, whose user answers with `reply`, and the choices that the user was given. */
async function asking(reply: Reply) {
  const mcp = await startMcpClient({ home: hub.home, cwd: hub.home, capabilities: FORM });
  const agent = new Agent(mcp);
  agents.push(agent);
  return { agent, asked: answersOf(mcp.client, reply) };
}

/** Has the user of a client answer with `reply`. Returns the choices that the user is given. */
function answersOf(client: Client, reply: Reply): string[][] {
  const asked: string[][] = [];
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
    const choices = formSchema.parse(params).requestedSchema.properties.choice.enum;
    asked.push(choices);
    return reply(choices);
  });
  return asked;
}

const choosing = (name: string) => (choices: string[]) => ({
  action: "accept" as const,
  content: { choice: choices.find((each) => each.startsWith(name)) ?? "" },
});

describe("an AI client that asks its user", () => {
  it("asks once which editor is meant, works there, and goes on there", async () => {
    const [alpha, beta] = [await instance({ project: "alpha" }), await instance({ project: "beta" })];
    const { agent, asked } = await asking(choosing("beta@"));
    const add = { command: "node.add", params: { type: "Node" } };
    expect(kindOf(await agent.call("command_run", add))).toBeUndefined();
    expect(asked).toEqual([[expect.stringMatching(/^alpha@\w+ \(/), expect.stringMatching(/^beta@\w+ \(/)]]);
    await agent.call("command_run", add);
    expect(asked).toHaveLength(1);
    expect(alpha.executed).toEqual([]);
    expect(beta.executed.map(({ method }) => method)).toEqual(["node.add", "node.add"]);
    expect(textOf(await agent.call("hub_status"))).toContain(`works on ${beta.identified.name}`);
  });

  it("is asked one question by calls side by side", async () => {
    const [, beta] = [await instance({ project: "alpha" }), await instance({ project: "beta" })];
    const { agent, asked } = await asking(choosing("beta@"));
    const answers = await Promise.all(["A", "B", "C"].map((path) => agent.call("node_inspect", { path })));
    expect(answers.map(kindOf)).toEqual([undefined, undefined, undefined]);
    expect(asked).toHaveLength(1);
    expect(beta.executed).toHaveLength(3);
  });

  it("is asked for the call alone where the call has named what several are", async () => {
    const path = "/projects/twice";
    const first = await instance({ project: "twice", projectPath: path });
    await instance({ project: "twice", projectPath: path });
    const { agent, asked } = await asking(choosing(first.identified.name));
    expect(kindOf(await agent.call("scene_tree", { target: path }))).toBeUndefined();
    expect(asked).toHaveLength(1);
    expect(textOf(await agent.call("hub_status"))).not.toContain("works on");
  });

  it.each(["decline", "cancel"] as const)(
    "gets the error with the candidates at %s, and is not asked again",
    async (action) => {
      await instance({ project: "alpha" });
      await instance({ project: "beta" });
      const { agent, asked } = await asking(() => ({ action }));
      for (const _ of [1, 2]) {
        const answer = await agent.call("scene_tree");
        expect(kindOf(answer)).toBe("TARGET_AMBIGUOUS");
        expect(textOf(answer)).toMatch(/alpha@.*beta@/);
      }
      expect(asked).toHaveLength(1);
      // Among others there is another answer.
      await instance({ project: "gamma" });
      await agent.call("scene_tree");
      expect(asked).toHaveLength(2);
    },
  );

  it("gets no choice for what it makes up", async () => {
    await instance({ project: "alpha" });
    await instance({ project: "beta" });
    const { agent } = await asking(() => ({ action: "accept", content: { choice: "gamma" } }));
    expect(kindOf(await agent.call("scene_tree"))).toBe("TARGET_AMBIGUOUS");
  });

  it("has its other calls answered while its user thinks", async () => {
    await instance({ project: "alpha" });
    await instance({ project: "beta" });
    const thought = deferred<ElicitResult>();
    const { agent } = await asking(() => thought.promise);
    const waiting = agent.call("scene_tree");
    expect(textOf(await agent.call("hub_status"))).toContain("alpha@");
    thought.resolve({ action: "decline" });
    expect(kindOf(await waiting)).toBe("TARGET_AMBIGUOUS");
  });
});

it("an AI client over HTTP is asked within the call", async () => {
  await instance({ project: "alpha" });
  const beta = await instance({ project: "beta" });
  const adapter = await HttpAdapter.start(hub.home, ["--no-launch"]);
  const headers = { Authorization: `Bearer ${hub.token}` };
  const client = new Client({ name: "remote", version: "1" }, { capabilities: FORM });
  const asked = answersOf(client, choosing("beta@"));
  const transport = new StreamableHTTPClientTransport(adapter.url, { requestInit: { headers } });
  // The SDK's own transport is not declared for exactOptionalPropertyTypes.
  await client.connect(transport as Parameters<Client["connect"]>[0]);
  await client.callTool({ name: "scene_tree", arguments: {} });
  expect(asked).toHaveLength(1);
  expect(beta.executed.map(({ method }) => method)).toEqual(["scene.get_tree"]);
  await client.close();
  await adapter.stop();
});

it.each([
  ["nothing", {}],
  ["of pages alone", { elicitation: { url: {} } }],
])("an AI client that says %s of asking is asked nothing", async (_, capabilities) => {
  await instance({ project: "alpha" });
  await instance({ project: "beta" });
  const agent = new Agent(await startMcpClient({ home: hub.home, cwd: hub.home, capabilities }));
  agents.push(agent);
  expect(kindOf(await agent.call("scene_tree"))).toBe("TARGET_AMBIGUOUS");
});
