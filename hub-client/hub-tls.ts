/** Trust in a hub that speaks TLS with a certificate which no known authority has signed. */
import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { checkServerIdentity, rootCertificates } from "node:tls";
import { untrustedHub } from "./client-errors.ts";
import { messageOf } from "./node-errors.ts";

/**
 * How to dial a hub that proves itself by a certificate in `file`, beside the authorities that are known anyway.
 * @param file PEM: the hub's own certificate, which proves it whatever name it was made out for, or an authority's.
 * @throws {OpenError} when the file can't be read.
 */
export function agentTrusting(file: string): Agent {
  const given = pemOf(file);
  return new Agent({
    ca: [...rootCertificates, given],
    checkServerIdentity: (name, certificate) =>
      given.includes(bodyOf(certificate.raw)) ? undefined : checkServerIdentity(name, certificate),
  });
}

function pemOf(file: string): string {
  try {
    return readFileSync(file, "utf8").replaceAll("\r", "");
  } catch (error) {
    throw untrustedHub(`the certificate ${file} can't be read: ${messageOf(error)}`);
  }
}

/** A certificate as it stands in a PEM file, between its first and its last line. */
function bodyOf(raw: Buffer): string {
  return (raw.toString("base64").match(/.{1,64}/g) ?? []).join("\n");
}
