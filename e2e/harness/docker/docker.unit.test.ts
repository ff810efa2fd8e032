import { Readable } from "node:stream";
import Dockerode from "dockerode";
import { expect, test } from "vitest";
import { untilDone } from "./docker.ts";

function follow(...lines: object[]): Promise<void> {
	const text = lines.map((line) => `${JSON.stringify(line)}\r\n`);
	return untilDone(new Dockerode(), Readable.from(text));
}

test("a pull or push that fails after it has begun is an error", async () => {
	const begun = { status: "Preparing", id: "926eee75975c" };
	await expect(
		follow(begun, {
			errorDetail: { message: "unauthorized: authentication required" },
			error: "unauthorized: authentication required",
		}),
	).rejects.toThrow("unauthorized: authentication required");
	await follow(begun, { status: "Pushed", aux: { Size: 1 } });
});
