import { expect, test } from "vitest";
import { KubeError } from "./api-server/kube-error.ts";
import { explainRefusal } from "./remote-write.ts";

const refuse = (status: number, body: string) =>
	new KubeError(`POST /api/v1/write: ${status} ${body}`, { status, body });

test("a receiver that is off is named by its promise, and stays a certain refusal", () => {
	const found = explainRefusal(
		refuse(
			404,
			"remote write receiver needs to be enabled with --web.enable-remote-write-receiver\n",
		),
	);
	expect(found).toBeInstanceOf(KubeError);
	expect(found).toMatchObject({ status: 404 });
	expect(String(found)).toContain(
		'"Remote write receiver is enabled", but Prometheus refuses what is written to it: it is started without --web.enable-remote-write-receiver',
	);
});

test.each([
	refuse(404, '{"kind":"Status","message":"services not found"}'),
	refuse(400, "out of order sample"),
	new Error("no answer"),
])("%s is left as it is", (error) => {
	expect(explainRefusal(error)).toBe(error);
});
