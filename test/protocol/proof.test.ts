/** Proofs as both languages make them: `hub_discovery_test.gd` has the same known answers. */
import { expect, it, vi } from "vitest";
import { isClaimOf, ProofDemand, ProofExchange, readClaim, tokenDigest } from "../../protocol/proof.ts";

const TOKEN = "0123456789abcdef";
const MACS = [
  "36e4f50d01890c187de6d9ee864737f763b89742c9c5f17cdc82749ad1707f01",
  "0c760b9909128c125f74219db6179d6e2edba08dcca5aa51c1f11ab8bf7a3710",
  "52ed64fd30762895e4f8ce824c079089890e72f463dcd3e8ef6591be6e4ab885",
];
const NONCES = ["a".repeat(64), "b".repeat(64)] as const;

vi.mock("node:crypto", async (load) => {
  const real = await load<typeof import("node:crypto")>();
  let count = 0;
  return { ...real, randomBytes: (size: number) => Buffer.alloc(size, count++ === 0 ? 0xaa : 0xbb) };
});

it("a client's claim, the hub's proof and the client's are those of the addon", () => {
  const exchange = new ProofExchange(TOKEN, "ws://127.0.0.1:6520");
  const claim = readClaim(exchange.authorization);
  expect(claim).toMatchObject({ address: "127.0.0.1:6520", nonce: NONCES[0] });
  if (!claim) throw new Error("There is no claim.");
  expect(isClaimOf(claim, tokenDigest(TOKEN))).toBe(true);
  expect(isClaimOf(claim, tokenDigest("another"))).toBe(false);
  const demand = new ProofDemand(claim, tokenDigest(TOKEN));
  expect(demand.nonce).toBe(NONCES[1]);
  const proof = exchange.answerTo(demand);
  expect(demand.isAnsweredBy(proof)).toBe(true);
  expect([claim.mac, demand.proof, proof]).toEqual(MACS);
  const other = new ProofDemand({ ...claim, address: "127.0.0.1:6521" }, tokenDigest(TOKEN));
  expect(exchange.answerTo(other)).toBeUndefined();
});

it.each([
  ["ws://127.0.0.1", "127.0.0.1:80"],
  ["wss://Hub.example/x", "hub.example:443"],
  ["ws://[0:0::1]:7000", "[::1]:7000"],
])("what is dialed at %s has host and port", (url, address) => {
  expect(readClaim(new ProofExchange(TOKEN, url).authorization)?.address).toBe(address);
});
