import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { stringify } from "yaml";
import { Progress } from "../../common/progress.ts";
import { connectDocker } from "../docker/connection.ts";
import { openImageSource } from "../images/choose-source.ts";
import { beginRun, type Run } from "../run/run.ts";
import { removeRun } from "../run/sweep.ts";
import {
	embeddedChart,
	findUnlike,
	readEmbeddedCases,
} from "./embedded-cases.ts";
import { StartedHelm } from "./helm.ts";

const docker = await connectDocker();
let run: Run;
let helm: StartedHelm;
let chart: string;

beforeAll(async () => {
	run = await beginRun();
	const progress = new Progress();
	const source = await openImageSource(docker, inject("imageSource"), progress);
	const images = await source.provideComponents(["helm"], progress);
	helm = await StartedHelm.start(run, images.get("helm")?.local ?? "", "none");
	const path = embeddedChart;
	chart = await helm.copyChart({ source: path, path, isFolder: true });
});
afterAll(async () => {
	await removeRun(docker, run.id);
	await run.end();
});

async function render(values: object): Promise<string> {
	const file = helm.makeFile("values.yaml", stringify(values));
	const args = [
		...["template", "monitoring", chart, "--namespace", "monitoring"],
		// A Helm that was built from its module takes an older one for granted.
		...["--kube-version", "1.33.0", "--values", file.target],
	];
	return helm.run(args, {}, [file]);
}

describe.each([...readEmbeddedCases()])("%s", (_, cases) => {
	test.concurrent.each(cases)(
		"$title",
		async ({ values, refused, ...rest }) => {
			if (refused !== undefined)
				return expect(render(values)).rejects.toThrow(refused);
			expect(findUnlike(await render(values), rest)).toEqual([]);
		},
	);
});
