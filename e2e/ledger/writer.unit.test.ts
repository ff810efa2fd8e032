import { expect, test, vi } from "vitest";
import { KubeError } from "../clients/api-server/kube-error.ts";
import { startLedger } from "./writer.ts";

test("each number is written once, and its outcome is kept", async () => {
	const write = vi
		.fn(async () => undefined)
		.mockRejectedValueOnce(new KubeError("400 out of order", { status: 400 }))
		.mockRejectedValueOnce(new KubeError("503 no endpoints", { status: 503 }));
	const labels = { run: "r" };
	const ledger = startLedger({ write }, { name: "ledger", labels });
	await vi.waitFor(() => expect(ledger.history.acknowledged).not.toEqual([]));
	await ledger.stop();
	const { entries } = ledger.history;
	expect(write).toHaveBeenCalledTimes(entries.length);
	expect(entries.map(({ outcome }) => outcome?.result)).toEqual([
		"refused",
		"unknown",
		...entries.slice(2).map(() => "acknowledged"),
	]);
	const [{ timestamp } = { timestamp: 0 }] = entries;
	expect(write).toHaveBeenNthCalledWith(
		1,
		[
			{
				labels: { __name__: "ledger", run: "r" },
				samples: [{ timestamp, value: 1 }],
			},
		],
		expect.any(Number),
	);
});
