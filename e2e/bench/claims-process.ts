// Tests the claims in a process of its own, so that its memory is that of the claims alone, and that of a later round does
// not begin where an earlier one has left it. The order comes as a message, the outcome goes back as one.
import { getOneMessage, sendMessage } from "execa";
import { z } from "zod";
import type { RequestCounts } from "../clients/api-server/request-counts.ts";
import { Progress } from "../common/progress.ts";
import { rememberSecret } from "../common/secrecy/redact.ts";
import { testClaims } from "../harness/claims/claims.ts";
import type { ClaimsOrder, ClaimsOutcome } from "./claims-round.ts";

const order: ClaimsOrder = JSON.parse(z.string().parse(await getOneMessage()));
for (const secret of order.secrets) rememberSecret(secret);
const requests = new Map<string, RequestCounts>();
const began = performance.now();
const claims = await testClaims(order.environment, order.only, new Progress(), {
	requests,
});
const outcome: ClaimsOutcome = {
	seconds: (performance.now() - began) / 1000,
	claims,
	requests: Object.fromEntries(requests),
	peakMebibytes: process.resourceUsage().maxRSS / 1024,
};
await sendMessage(JSON.stringify(outcome));
process.exit(0);
