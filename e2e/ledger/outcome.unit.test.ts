import { expect, test } from "vitest";
import { KubeError } from "../clients/api-server/kube-error.ts";
import { outcomeOf } from "./outcome.ts";

const answer = (status: number) => new KubeError(`${status}`, { status });

test.each([
	["Prometheus' out of order sample", answer(400)],
	["a receiver that is off", answer(404)],
	["the API server's limit of requests", answer(429)],
])("%s is a refusal", (_, error) => {
	expect(outcomeOf(error)).toEqual({
		result: "refused",
		reason: error.message,
	});
});

test.each([
	["a commit that failed", answer(500)],
	["a pod that died before it answered", answer(502)],
	["a service without endpoints", answer(503)],
	["a proxy that gave up", answer(504)],
	["no answer in time", new KubeError("no answer", { noAnswer: false })],
	["a broken connection", new KubeError("ECONNRESET")],
	["anything else", new TypeError("fetch failed")],
])("after %s the sample may be stored", (_, error) => {
	expect(outcomeOf(error).result).toBe("unknown");
});
