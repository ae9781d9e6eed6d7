// Takes Casebridge's events, and writes the comment of each session that ended onto its ticket: something to start from.
// Needs Node 20 and `npm install standardwebhooks`. CASEBRIDGE_SECRET is what the endpoint showed when it was made (whsec_… or whpk_…).
import { createPublicKey, verify } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import { Webhook } from "standardwebhooks";

type Event = { type: string; data: { case?: { ticket?: string; comment?: string } } };

const secret = process.env["CASEBRIDGE_SECRET"] ?? "";
const helpDesk = process.env["HELP_DESK"] ?? "";
const seen = new Set<string>(); // In your product: a table with a unique key, of which rows are kept for a month.

function verified(body: string, headers: Record<string, string>): Event {
  if (!secret.startsWith("whpk_")) return new Webhook(secret).verify(body, headers) as Event;
  const [id, timestamp, signatures] = ["id", "timestamp", "signature"].map((name) => headers[`webhook-${name}`] ?? "");
  if (!id || !(Math.abs(Date.now() / 1000 - Number(timestamp)) <= 300)) throw new Error("too old, or too new");
  const x = Buffer.from(secret.slice("whpk_".length), "base64").toString("base64url");
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  const signed = Buffer.from(`${id}.${timestamp}.${body}`);
  const mine = (signatures ?? "").split(" ").filter((signature) => signature.startsWith("v1a,"));
  if (!mine.some((one) => verify(null, signed, key, Buffer.from(one.slice(4), "base64")))) throw new Error("not signed");
  return JSON.parse(body) as Event;
}

async function handle({ type, data }: Event): Promise<void> {
  if ((type !== "case.closed" && type !== "case.expired") || !data.case?.ticket || !data.case.comment) return;
  const url = `${helpDesk}/tickets/${encodeURIComponent(data.case.ticket)}/comments`; // In your product: its own way to comment.
  const headers = { "content-type": "application/json" };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify({ text: data.case.comment }) });
  if (!answer.ok) throw new Error(`the help desk answered ${answer.status}`);
}

async function take(request: IncomingMessage): Promise<number> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  let event: Event;
  try {
    event = verified(Buffer.concat(chunks).toString(), request.headers as Record<string, string>);
  } catch {
    return 401;
  }
  const id = request.headers["webhook-id"] as string;
  if (seen.has(id)) return 204; // Sent again: our answer got lost.
  seen.add(id);
  return handle(event).then(() => 204, () => (seen.delete(id), 500)); // 500: it is sent again later.
}

createServer((request, response) => {
  take(request).then((status) => response.writeHead(status).end(), () => response.destroy());
}).listen(Number(process.env["PORT"] ?? 8080));
