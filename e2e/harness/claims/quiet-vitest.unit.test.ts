import { expect, test } from "vitest";
import { projectRoot } from "../../common/paths.ts";
import { createQuietVitest } from "./quiet-vitest.ts";

test("the harness still handles the process' signals and uncaught errors", async () => {
	const events = ["SIGINT", "SIGTERM", "exit", "unhandledRejection"] as const;
	const count = () => events.map((event) => process.listenerCount(event));
	const before = count();
	const vitest = await createQuietVitest({
		root: projectRoot,
		watch: false,
		reporters: [],
	});
	expect(count()).toEqual(before);
	await vitest.close();
});
