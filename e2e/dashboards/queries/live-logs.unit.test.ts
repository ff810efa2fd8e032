import { expect, test } from "vitest";
import { LiveLogs, plantUsualLogs } from "./live-logs.ts";

const loki = { uid: "loki", name: "Loki" };

function makeLogs(labels: string[]) {
	let planted = 0;
	const logs = new LiveLogs(
		async () => labels,
		async () => {
			planted += 1;
		},
	);
	return { logs, planted: () => planted };
}

test("labels that no log has are told with those that there are", async () => {
	const { logs, planted } = makeLogs(["namespace", "pod"]);
	expect(await logs.whyNever(loki, '{kubernetes_namespace="media"}')).toBe(
		"no log in Loki has the label kubernetes_namespace: there are namespace, pod",
	);
	expect([...logs.excuses]).toEqual([]);
	expect(await logs.whyNever(loki, '{namespace="media"} |= "x"')).toBe(
		undefined,
	);
	expect([...logs.excuses.keys()]).toEqual([
		'line of {namespace="media"} that fits',
	]);
	expect(planted()).toBe(1);
	expect(await makeLogs([]).logs.whyUnknown(loki, ["pod"])).toContain(
		"there are none",
	);
});

test("few labels are planted in each stream, one of which is the test's namespace", async () => {
	const streams: Readonly<Record<string, string>>[] = [];
	const push = async (stream: Readonly<Record<string, string>>) => {
		streams.push(stream);
	};
	await plantUsualLogs({ push }, "e2e-x");
	const names = streams.map((each) => Object.keys(each));
	expect(new Set(names.flat())).toContain("container");
	expect(Math.max(...names.map(({ length }) => length))).toBeLessThan(5);
	expect(streams[0]).toMatchObject({ namespace: "e2e-x" });
});
