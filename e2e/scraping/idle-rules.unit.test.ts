import { expect, test } from "vitest";
import { explainIdle } from "./idle-rules.ts";

const aMinute = 60_000;

function explain(expression: string, ...stored: string[]) {
	const yields = (asked: string) => Promise.resolve(stored.includes(asked));
	return explainIdle(expression, yields, aMinute);
}

test.each([
	[
		"rate(apiserver_request_total[5m])",
		"no series apiserver_request_total: no",
	],
	["sum(container_memory_working_set_bytes)", "no target exposes it, or it is"],
])("what the stack exposes must exist: %s", async (expression, why) => {
	expect(await explain(expression)).toEqual({
		excused: false,
		why: expect.stringContaining(why),
	});
});

test.each([
	["sum(my_app_requests)", "nothing that runs here exposes it"],
	["sum(a:b:c)", "another rule would record it"],
	["sum(node_cpu_seconds_total)", "claim kube-metrics says which must exist"],
	["sum(container_memory_swap)", "only if the kernel accounts for swap"],
])(
	"other metrics may be absent, with a reason: %s",
	async (expression, why) => {
		expect(await explain(expression)).toEqual({
			excused: true,
			why: expect.stringContaining(why),
		});
	},
);

test("a bad reason counts more than a good one", async () => {
	expect(await explain("my_app_requests * container_memory_rss")).toMatchObject(
		{ excused: false },
	);
});

test("a selector that nothing matches, and a condition that nothing meets, are good reasons", async () => {
	expect(await explain('sum(up{job="x"})', "up")).toEqual({
		excused: true,
		why: 'no series matches up{job="x"}',
	});
	expect(await explain("up == 0", "up")).toMatchObject({ excused: true });
});

test("a rate over less than two scrapes never yields anything", async () => {
	expect(await explain("sum(rate(up[1m]))", "up")).toEqual({
		excused: false,
		why: "its range of 1m holds less than two scrapes, which are 1m apart",
	});
	expect(await explain("sum(rate(up[5m]))", "up")).toEqual({
		excused: false,
		why: "up exists, and it yields nothing",
	});
});
