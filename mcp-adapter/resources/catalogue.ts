/** The resources and templates of this server that are there whatever is connected. */
import { COMMANDS } from "../../protocol/commands/index.ts";
import { CURRENT, INSTANCES_URI, resourceUri } from "./resource-uri.ts";

interface Described {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly mimeType?: string | undefined;
}

/** An entry of `resources/list`. */
export interface ResourceListing extends Described {
  readonly uri: string;
}

/** An entry of `resources/templates/list`. */
export interface TemplateListing extends Described {
  readonly uriTemplate: string;
}

export const PLAIN_TEXT = "text/plain";
export const GDSCRIPT = "text/x-gdscript";
export const JSON_TEXT = "application/json";

/** What logs are read with, where the editor keeps one. */
export const LOG_COMMAND = "editor.get_log";
const hasLog = COMMANDS.has(LOG_COMMAND);

const project = {
  name: "project",
  title: "Project",
  description: "Name, folder, main scene, engine version, autoloads and numbers of files of a project.",
  mimeType: PLAIN_TEXT,
};
const scene = {
  name: "scene",
  title: "Scene",
  description: "The node tree of a scene as indented text, as it is in the editor.",
  mimeType: PLAIN_TEXT,
};
const script = {
  name: "script",
  title: "Script",
  description: "Source of a script.",
  mimeType: GDSCRIPT,
};
const log = {
  name: "log",
  title: "Log",
  description: "The latest lines of an editor's log.",
  mimeType: PLAIN_TEXT,
};

export const RESOURCES: readonly ResourceListing[] = [
  {
    uri: INSTANCES_URI,
    name: "instances",
    title: "Godot editors",
    description: "Every Godot editor that is connected, what it is doing and who uses it.",
    mimeType: JSON_TEXT,
  },
  { ...project, uri: resourceUri(CURRENT, "project"), title: "Your project" },
  { ...scene, uri: resourceUri(CURRENT, "scene"), title: "Your current scene" },
  ...(hasLog ? [{ ...log, uri: resourceUri(CURRENT, "log"), title: "Your editor's log" }] : []),
];

export const TEMPLATES: readonly TemplateListing[] = [
  { ...project, uriTemplate: "godot://{instance}/project" },
  { ...scene, uriTemplate: "godot://{instance}/scene/{+path}" },
  { ...script, uriTemplate: "godot://{instance}/script/{+path}" },
  ...(hasLog ? [{ ...log, uriTemplate: "godot://{instance}/log" }] : []),
  {
    uriTemplate: "custom://{+path}",
    name: "custom",
    title: "What the project itself offers",
    description: "Resources that the project's own code has registered. Those that there are now stand in these lists.",
    mimeType: PLAIN_TEXT,
  },
];
