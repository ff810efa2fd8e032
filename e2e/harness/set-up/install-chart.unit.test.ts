import { expect, test } from "vitest";
import { installChart } from "./install-chart.ts";

const slow =
	"helm upgrade failed: 2 errors occurred: * Timeout: request did not complete within requested timeout - context deadline exceeded";

/** Helm that fails with these messages, and then succeeds. */
function playHelm(...messages: string[]) {
	const calls: (readonly string[] | undefined)[] = [];
	const said: string[] = [];
	return {
		calls,
		said,
		done: installChart(
			{
				install: async (_kubeconfig, _values, flags) => {
					calls.push(flags);
					const message = messages.shift();
					if (message) throw new Error(message);
				},
			},
			"",
			(line) => said.push(line),
		),
	};
}

test("what the API server gave up is tried again, and said", async () => {
	const { calls, said, done } = playHelm(slow, slow);
	await done;
	expect(calls).toHaveLength(3);
	expect(said).toHaveLength(2);
});

test("what it refuses is not", async () => {
	const { calls, done } = playHelm("helm upgrade failed: it is invalid");
	await expect(done).rejects.toThrow("it is invalid");
	expect(calls).toEqual([["--timeout=300s"]]);
});

test("where Helm cannot go on, because it could not record its failure, that failure is thrown", async () => {
	const { done } = playHelm(
		slow,
		"helm upgrade failed: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress",
	);
	await expect(done).rejects.toThrow(slow);
});
