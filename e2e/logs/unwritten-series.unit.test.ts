import { expect, test } from "vitest";
import { stringify } from "yaml";
import { findUnwritten, readWriteRelabelling } from "./unwritten-series.ts";

const judge = (...steps: object[]) =>
	findUnwritten(
		readWriteRelabelling(
			stringify({
				ruler: {
					remote_write: {
						client: null,
						clients: { prometheus: { write_relabel_configs: steps } },
					},
				},
			}),
		),
	).join();

test("what the ruler drops before it writes is told with an example", () => {
	const step = { source_labels: ["namespace"], regex: "media", action: "drop" };
	expect(judge(step)).toBe(
		`"Loki's recording rules can push derived metrics back into Prometheus", but Loki drops some before it writes them to prometheus (drop of namespace matching media); such as __name__="any:lines:rate1m", namespace="media"`,
	);
	expect(
		judge(
			{ ...step, target_label: "__tmp", regex: "(.*)", action: "lowercase" },
			{ ...step, source_labels: ["__tmp"] },
		),
	).toMatch(/made of namespace/);
	expect(judge({ ...step, action: "keep" })).toMatch(/keep of namespace/);
});

test("what it leaves alone, or drops by its name, is not", () => {
	expect(judge()).toBe("");
	expect(judge({ target_label: "cluster", replacement: "homelab" })).toBe("");
	expect(
		judge({ source_labels: ["__name__"], regex: "debug:.+", action: "drop" }),
	).toBe("");
	expect(findUnwritten(readWriteRelabelling("ruler: {}"))).toEqual([]);
});

const drop = { source_labels: ["namespace"], regex: "media", action: "drop" };
const dropping = { write_relabel_configs: [drop] };

test.each([
	[true, { ruler_remote_write_config: { prometheus: dropping } }],
	[true, { ruler_remote_write_relabel_configs: [drop] }],
	[false, { ruler_remote_write_config: { elsewhere: dropping } }],
	[false, { ruler_remote_write_config: null }],
	[
		false,
		{
			ruler_remote_write_config: { prometheus: { write_relabel_configs: [] } },
			ruler_remote_write_relabel_configs: [drop],
		},
	],
])(
	"limits replace what the ruler says, dropped %s: %j",
	(isDropped, limits_config) => {
		const ruler = { remote_write: { clients: { prometheus: {} } } };
		const writers = readWriteRelabelling(stringify({ ruler, limits_config }));
		expect(findUnwritten(writers).length > 0).toBe(isDropped);
	},
);

test("limits may take back what the ruler drops", () => {
	const ruler = { remote_write: { clients: { prometheus: dropping } } };
	const limits_config = { ruler_remote_write_relabel_configs: [] };
	const writers = readWriteRelabelling(stringify({ ruler, limits_config }));
	expect(findUnwritten(writers)).toEqual([]);
});
