import { Readable } from "node:stream";
import Dockerode from "dockerode";
import { expect, test } from "vitest";
import { splitLog } from "./container-log.ts";
import { readOutput } from "./docker.ts";

/** As Docker sends a line of a container without a terminal. */
function makeFrame(line: string): Buffer {
	const header = Buffer.alloc(8);
	header.writeUInt8(1);
	header.writeUInt32BE(line.length, 4);
	return Buffer.concat([header, Buffer.from(line)]);
}

test("a log of very many short lines is read", async () => {
	const lines = Array.from({ length: 20_000 }, (_, i) => `${i}\n`);
	const log = Buffer.concat(lines.map(makeFrame));
	const { stdout } = await readOutput(
		new Dockerode(),
		Readable.from(splitLog(log)),
	);
	expect(stdout.toString()).toBe(lines.join(""));
});
