/** Collects the licenses of the libraries inside the bundles, which every copy must carry. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const LICENSE = /^(licen[cs]e|copying)/i;
/** `node_modules/a/node_modules/@scope/name/file.js`: the innermost package. */
const PACKAGE = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;

/**
 * The text of all licenses, by package.
 * @param {string} root The folder in which `node_modules` is.
 * @param {readonly string[]} inputs Paths of bundled files from there, with forward slashes.
 * @throws {Error} when a bundled package has no license file.
 */
export async function thirdPartyLicenses(root, inputs) {
  const folders = new Set(inputs.flatMap((path) => PACKAGE.exec(path)?.[1] ?? []));
  const texts = await Promise.all([...folders].toSorted().map((folder) => licenseOf(join(root, folder))));
  return [...new Set(texts)].join("\n");
}

async function licenseOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((each) => LICENSE.test(each));
  if (file === undefined) throw new Error(`${name} ${version} has no license file, and it is in a bundle.`);
  const text = (await readFile(join(folder, file), "utf8")).trim();
  return `${name} ${version} (${license})\n\n${text}\n\n${"-".repeat(80)}\n`;
}
