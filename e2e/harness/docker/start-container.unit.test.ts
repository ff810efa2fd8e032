import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { ContainerStartError, startContainer } from "./start-container.ts";

/** A container that logs and then fails. */
function makeContainer(lines: readonly string[], why: string) {
	let consume: (log: Readable) => unknown = () => undefined;
	return {
		withLogConsumer(consumer: typeof consume) {
			consume = consumer;
		},
		async start(): Promise<never> {
			const log = Readable.from(lines.map((line) => `${line}\n`));
			consume(log);
			await new Promise((resolve) => log.on("end", resolve));
			throw new Error(why);
		},
	};
}

test("the end of the log is told, and the whole of it kept", async () => {
	const lines = Array.from({ length: 20 }, (_, i) => `line ${i}`);
	const failed = startContainer("node small", makeContainer(lines, "it ended"));
	const error = await failed.catch((each: unknown) => each);
	if (!(error instanceof ContainerStartError)) throw error;
	expect(error.message).toContain(
		"node small did not start: it ended. The end",
	);
	expect(error.message).toContain("line 19");
	expect(error.message).not.toContain("line 7\n");
	expect(error.log).toContain("line 0");
});

test("where a port does not answer, the address and the variable for another one are told", async () => {
	const why = "URL /v2/ not accessible after 60000ms";
	await expect(
		startContainer(
			"the registry",
			makeContainer([], why),
			async () => "172.17.0.1",
		),
	).rejects.toThrow(
		/not accessible after 60000ms. Its port was looked for at 172\.17\.0\.1: .* TESTCONTAINERS_HOST_OVERRIDE$/,
	);
});
