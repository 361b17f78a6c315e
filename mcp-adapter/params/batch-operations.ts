/** Operations of edit.batch, the commands that they stand for, and other words for them. */
import { asJsonObject } from "../../hub-client/json-object.ts";
import { OPERATION_COMMANDS } from "../../protocol/commands/edit.ts";
import { COMMANDS, type CommandDefinition } from "../../protocol/commands/index.ts";
import { declaredSchemaOf, type JsonSchema } from "./schemas.ts";

type Members = Record<string, unknown>;

/** The command that an operation stands for. @throws when there is no such operation. */
export function commandOf(op: string): CommandDefinition {
  const command = OPERATION_COMMANDS.get(op);
  if (!command) throw new Error(`No command stands for the operation '${op}'.`);
  return command;
}

/** The operation that a command is in a batch; undefined for one that can't be part of it. */
export function operationNamed(command: string): string | undefined {
  return COMMANDS.get(command)?.operation;
}

/** Other words for an operation: of Godot itself, of its peers, and those that models take for it. */
const SYNONYMS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    addnode: "add",
    create: "add",
    createnode: "add",
    new: "add",
    instance: "add",
    instantiate: "add",
    instancescene: "add",
    instantiatescene: "add",
    addinstance: "add",
    addscene: "add",
    remove: "delete",
    removenode: "delete",
    deletenode: "delete",
    erase: "delete",
    renamenode: "rename",
    movenode: "move",
    reparent: "move",
    reparentnode: "move",
    reorder: "move",
    copy: "duplicate",
    clone: "duplicate",
    duplicatenode: "duplicate",
    set: "set_properties",
    setproperty: "set_properties",
    setnodeproperty: "set_properties",
    setnodeproperties: "set_properties",
    update: "set_properties",
    updateproperty: "set_properties",
    updateproperties: "set_properties",
    modify: "set_properties",
    attach: "attach_script",
    setscript: "attach_script",
    addscript: "attach_script",
    connect: "connect_signal",
    disconnect: "disconnect_signal",
    addtogroup: "set_groups",
    removefromgroup: "set_groups",
    addkey: "set_key",
    insertkey: "set_key",
    addanimation: "create_animation",
    deleteanimation: "remove_animation",
  }),
);

/** Members of such a word in those of the operation that it is. */
const RESTATED: ReadonlyMap<string, (given: Members) => Members> = new Map<string, (given: Members) => Members>([
  ["set", ofOneProperty],
  ["setproperty", ofOneProperty],
  ["setnodeproperty", ofOneProperty],
  ["update", ofOneProperty],
  ["updateproperty", ofOneProperty],
  ["instance", ofScene],
  ["instantiate", ofScene],
  ["instancescene", ofScene],
  ["instantiatescene", ofScene],
  ["addinstance", ofScene],
  ["addscene", ofScene],
  ["addtogroup", ({ group, ...rest }) => (group === undefined ? rest : { ...rest, add: group })],
  ["removefromgroup", ({ group, ...rest }) => (group === undefined ? rest : { ...rest, remove: group })],
]);

type Form = (value: Members, schema: JsonSchema) => [Members, JsonSchema];

/** How values are read that a schema declares to be of a form of their own. */
export const FORMS: ReadonlyMap<string, Form> = new Map([["operation", operation]]);

/** An operation in its own words, held to the params of the command that it stands for. */
function operation(given: Members, schema: JsonSchema): [Members, JsonSchema] {
  const { operation, action, ...rest } = given;
  const said = given.op ?? operation ?? action;
  const word = plainWord(said);
  const op = operationOf(word) ?? operationOf(word.replace(/^node/, ""));
  if (op === undefined) return [given, schema];
  const members = given.op === undefined ? rest : given;
  const value = { ...(RESTATED.get(word.replace(/^node/, "")) ?? same)(members), op };
  const { properties, required } = declaredSchemaOf(commandOf(op).params);
  const { scene: _, ifRevision: __, ...own } = asJsonObject(properties);
  const { op: ofOp, as: ofAs } = asJsonObject(schema.properties);
  return [value, { type: "object", properties: { op: ofOp, as: ofAs, ...own }, required, additionalProperties: false }];
}

function operationOf(word: string): string | undefined {
  const byCommand = [...OPERATION_COMMANDS].find(([, { name }]) => plainWord(name) === word)?.[0];
  return [...OPERATION_COMMANDS.keys()].find((each) => plainWord(each) === word) ?? byCommand ?? SYNONYMS.get(word);
}

function same(given: Members): Members {
  return given;
}

function ofOneProperty(given: Members): Members {
  const { property, value, ...rest } = given;
  if (typeof property !== "string" || value === undefined) return given;
  return { ...rest, properties: { ...asJsonObject(rest.properties), [property]: value } };
}

/** `scene` names in a batch the scene that is changed: here it can only be the one to instance. */
function ofScene({ scene, ...rest }: Members): Members {
  return scene === undefined ? rest : { ...rest, instance: rest.instance ?? scene };
}

/** A word without its case and what stands between its parts: `Set-Properties` is setproperties. */
function plainWord(word: unknown): string {
  return String(word)
    .toLowerCase()
    .replace(/[^a-z]/g, "");
}
