import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { projectRoot } from "../../common/paths.ts";
import { createQuietVitest } from "./quiet-vitest.ts";

test("the harness still handles the process' signals and uncaught errors", async () => {
	const events = ["SIGINT", "SIGTERM", "exit", "unhandledRejection"] as const;
	const count = () => events.map((event) => process.listenerCount(event));
	const before = count();
	const creating = createQuietVitest({
		root: projectRoot,
		watch: false,
		reporters: [],
	});
	const ours = () => undefined;
	// While it is being created, as set-up does.
	await setImmediate();
	process.on("SIGINT", ours);
	const vitest = await creating;
	expect(process.listeners("SIGINT")).toContain(ours);
	process.off("SIGINT", ours);
	expect(count()).toEqual(before);
	await vitest.close();
});
