import { beforeEach, describe, expect, it } from "vitest";
import { CommandError } from "../../hub-client/client-errors.ts";
import type { Answer, RequestContent } from "../../hub-client/pending-request.ts";
import { HubSession } from "../../mcp-adapter/session/hub-session.ts";
import type { TargetBinding } from "../../mcp-adapter/session/target-binding.ts";
import type { InstanceInfo } from "../../protocol/hub-methods.ts";

const instance = (id: string, members: Partial<InstanceInfo> = {}): InstanceInfo => ({
  id,
  name: `game@${id}`,
  clientType: "godot",
  project: { name: "game", path: `/projects/${id}` },
  godotVersion: "4.6.3",
  addonVersion: "1",
  pid: 1,
  epoch: `epoch-of-${id}`,
  headless: false,
  state: "ready",
  agents: [],
  connectedAt: "",
  lastSeenAt: "",
  ...members,
});

const notFound = new CommandError({ code: -32011, message: "Not connected.", data: { kind: "TARGET_NOT_FOUND" } });

/** A link behind which stand instances that are known by id and by project path. */
class Link {
  readonly asked: RequestContent[] = [];
  readonly instances: InstanceInfo[];
  generation = 1;
  isConnected = true;
  currentScene: string | null = "res://open.tscn";
  /** How often it was asked for the current scene. */
  lookedForScene = 0;

  constructor(...instances: InstanceInfo[]) {
    this.instances = instances;
  }

  methods(): string[] {
    return this.asked.map(({ method }) => method);
  }

  async request(content: RequestContent): Promise<Answer> {
    const { method, params, target } = content;
    if (method === "scene.list_open") {
      this.lookedForScene += 1;
      return answer({ scenes: [], current: this.currentScene });
    }
    this.asked.push(content);
    if (method === "hub.bind_target" && params?.target === null) return answer({ instance: null });
    if (method.startsWith("hub.")) return answer({ instance: this.#find(params?.target) });
    const { id, name, epoch } = this.#find(target);
    if (method === "scene.open") this.currentScene = String(params?.path);
    const result = method.startsWith("node.") ? { method, scene: params?.scene ?? this.currentScene } : method;
    return { result, instance: { id, name, ...(epoch !== null && { epoch }) } };
  }

  #find(target: unknown): InstanceInfo {
    const fits = ({ id, project }: InstanceInfo) => target === undefined || target === id || target === project?.path;
    const found = this.instances.find(fits);
    if (!found) throw notFound;
    return found;
  }
}

const answer = (result: unknown): Answer => ({ result, instance: undefined });
const sessionOver = (link: Link, binding?: TargetBinding) => new HubSession({ link, binding: () => binding });
const patience = { deadlineAt: Number.POSITIVE_INFINITY };

describe("a session", () => {
  it("asks once per connection and target which instance it talks to, and names its epoch", async () => {
    const link = new Link(instance("a"));
    const session = sessionOver(link);
    await Promise.all([
      session.command("node.add", { type: "Node" }, patience),
      session.command("node.delete", { path: "X" }, patience),
    ]);
    await session.command("node.add", { type: "Node" }, patience);
    expect(link.methods()).toEqual(["hub.resolve_target", "node.add", "node.delete", "node.add"]);
    expect(link.asked.slice(1).map(({ epoch }) => epoch)).toEqual(Array(3).fill("epoch-of-a"));
    expect(link.asked[1]).not.toHaveProperty("target");

    link.generation = 2;
    await session.command("node.add", {}, patience);
    expect(link.methods().slice(4)).toEqual(["hub.resolve_target", "node.add"]);
  });

  it("learns from answers that an editor has restarted", async () => {
    const link = new Link(instance("a"));
    const session = sessionOver(link);
    await session.command("node.add", {}, patience);
    link.instances[0] = instance("a", { epoch: "later" });
    await session.command("node.add", {}, patience);
    await session.command("node.add", {}, patience);
    expect(link.asked.map(({ epoch }) => epoch)).toEqual([undefined, "epoch-of-a", "epoch-of-a", "later"]);
  });

  it("gives the error that finding the target ended with, and asks again next time", async () => {
    const link = new Link();
    const session = sessionOver(link);
    await expect(session.command("node.add", {}, patience)).rejects.toBe(notFound);
    link.instances.push(instance("a"));
    await expect(session.command("node.add", {}, patience)).resolves.toMatchObject({ result: { method: "node.add" } });
  });

  it("names what was chosen in every request, until the choice is taken back", async () => {
    const link = new Link(instance("a"), instance("b"));
    const session = sessionOver(link);
    expect(await session.use("b", patience)).toMatchObject({ id: "b" });
    await session.command("node.add", {}, patience);
    expect(link.asked.at(-1)).toMatchObject({ target: "b", epoch: "epoch-of-b" });
    await session.command("node.add", {}, patience, "a");
    expect(link.asked.at(-1)).toMatchObject({ target: "a", epoch: "epoch-of-a" });
    await session.use(undefined, patience);
    await session.command("node.add", {}, patience);
    expect(link.asked.at(-1)).not.toHaveProperty("target");
  });

  it("keeps what it chose when a choice fails", async () => {
    const link = new Link(instance("a"), instance("b"));
    const session = sessionOver(link);
    await session.use("b", patience);
    await expect(session.use("elsewhere", patience)).rejects.toBe(notFound);
    expect(session.chosen?.id).toBe("b");
  });

  it("tells a new hub what was chosen", async () => {
    const link = new Link(instance("a"), instance("b"));
    const session = sessionOver(link);
    session.rebind();
    expect(link.asked).toEqual([]);
    await session.use("b", patience);
    session.rebind();
    expect(link.asked.at(-1)).toMatchObject({ method: "hub.bind_target", params: { target: "b" } });
  });

  it("finds a chosen project under the new id of its editor, and never another project", async () => {
    const link = new Link(instance("a"));
    const session = sessionOver(link);
    await session.use("a", patience);
    link.generation = 2;
    link.instances.splice(0, 1, instance("other"));
    await expect(session.command("node.add", {}, patience)).rejects.toBe(notFound);
    link.instances.push(instance("reborn", { project: { name: "game", path: "/projects/a" } }));
    await session.command("node.add", {}, patience);
    expect(link.asked.at(-1)).toMatchObject({ method: "node.add", target: "reborn", epoch: "epoch-of-reborn" });
  });

  it("introduces itself with the project that it is bound to, and names a bound instance in requests", async () => {
    const project = { kind: "project", name: "game", path: "/projects/a", from: "--project" } as const;
    expect(sessionOver(new Link(), project).introduction).toEqual({ project: { name: "game", path: "/projects/a" } });
    const link = new Link(instance("a"), instance("b"));
    const session = sessionOver(link, { kind: "named", target: "b", from: "--target" });
    expect(session.introduction).toEqual({});
    await session.command("node.add", {}, patience);
    expect(link.asked.map(({ target, params }) => target ?? params?.target)).toEqual(["b", "b"]);
  });

  it("says what a write locks and which reads may be answered together", async () => {
    const link = new Link(instance("a"));
    const session = sessionOver(link);
    const sent = async (method: string, params: Record<string, unknown>) => {
      await session.command(method, params, patience);
      const { shareable, resources } = link.asked.at(-1) ?? {};
      return { shareable, resources };
    };
    const shared = { shareable: true, resources: undefined };
    const alone = { shareable: undefined, resources: undefined };
    expect(await sent("script.read", { path: "res://a.gd" })).toEqual(shared);
    expect(await sent("scene.get_tree", { scene: "res://a.tscn" })).toEqual(shared);
    expect(await sent("scene.get_tree", {})).toEqual(alone);
    expect(await sent("editor.get_state", {})).toEqual(alone);
    expect(await sent("node.add", { scene: "res://a.tscn" })).toEqual({ ...alone, resources: ["scene:res://a.tscn"] });
    expect(await sent("custom.thing", {})).toEqual(alone);
  });

  describe("of a write that names no scene", () => {
    let link: Link;
    let session: HubSession;
    beforeEach(() => {
      link = new Link(instance("a"), instance("b"));
      session = sessionOver(link);
    });
    const resourcesOfLast = () => link.asked.at(-1)?.resources;

    it("says that it changes the session's current scene, which it asks for once", async () => {
      await session.command("node.add", {}, patience, "a");
      expect(resourcesOfLast()).toEqual(["scene:res://open.tscn"]);
      await session.command("node.add", {}, patience, "a");
      await session.command("node.add", { scene: "res://other.tscn" }, patience, "a");
      await session.command("node.rename", {}, patience, "a");
      expect(resourcesOfLast()).toEqual(["scene:res://open.tscn"]);
      expect(link.lookedForScene).toBe(1);
    });

    it("knows the scene that the session has opened, per editor, without waiting for the answer", async () => {
      const opened = session.command("scene.open", { path: "res://b.tscn" }, patience, "b");
      const added = session.command("node.add", {}, patience, "b");
      await Promise.all([opened, added]);
      expect(link.methods().slice(-2)).toEqual(["scene.open", "node.add"]);
      expect(resourcesOfLast()).toEqual(["scene:res://b.tscn"]);
      expect(link.lookedForScene).toBe(0);
      await session.command("node.add", {}, patience, "a");
      expect(link.lookedForScene).toBe(1);
    });

    it("keeps the order of what was asked while it looks for the scene", async () => {
      await Promise.all([
        session.command("node.add", {}, patience, "a"),
        session.command("node.get_properties", {}, patience, "a"),
        session.command("node.rename", {}, patience, "a"),
      ]);
      expect(link.methods().slice(-3)).toEqual(["node.add", "node.get_properties", "node.rename"]);
      expect(link.lookedForScene).toBe(1);
    });

    it("names nothing when there is none, until an answer names one", async () => {
      link.currentScene = null;
      await session.command("node.add", {}, patience, "a");
      expect(resourcesOfLast()).toBeUndefined();
      link.currentScene = "res://now.tscn";
      await session.command("node.get_properties", {}, patience, "a");
      await session.command("node.add", {}, patience, "a");
      expect(resourcesOfLast()).toEqual(["scene:res://now.tscn"]);
      expect(link.lookedForScene).toBe(1);
    });
  });
});
