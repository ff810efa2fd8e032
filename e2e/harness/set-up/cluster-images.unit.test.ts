import { expect, test } from "vitest";
import { Progress } from "../../common/progress.ts";
import type { ImageSource } from "../images/source.ts";
import { provideClusterImages } from "./cluster-images.ts";
import { materialOptions } from "./homelab-materials.ts";

/** Builds what takes longest before a chart is rendered. */
class FakeSource implements ImageSource {
	readonly name = "build";
	readonly isBuilt = true;
	readonly likely = ["grafana"];
	readonly asked: string[] = [];

	async provideComponents(names: readonly string[]) {
		this.asked.push(...names);
		return new Map(
			names.map((name) => [name, { reference: name, local: name }]),
		);
	}

	async provideReferences() {
		return [];
	}
}

test.each([
	["the homelab's values alone", true, []],
	[
		"a person's values, which may turn it off",
		false,
		[{ name: "my.yaml", content: "grafana: {enabled: false}" }],
	],
])(
	"with %s, what charts are likely to need is built first: %s",
	async (_, isBuilt, values) => {
		const options = await materialOptions({
			chart: "auto",
			chartVersion: undefined,
			values,
			images: "build",
			k3sVersion: undefined,
			snapshotter: undefined,
			fresh: false,
		});
		const source = new FakeSource();
		const found = await provideClusterImages(source, options, new Progress());
		expect(source.asked.includes("grafana")).toBe(isBuilt);
		expect([...found.keys()]).not.toContain("grafana");
	},
);
