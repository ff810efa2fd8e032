import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { Progress } from "../../common/progress.ts";
import { StartedHelm } from "../../harness/chart/helm.ts";
import { connectEngine } from "../../harness/docker/engine.ts";
import { openImageSource } from "../../harness/images/choose-source.ts";
import { RegistryRefusal } from "../../harness/images/registry-refusal.ts";
import { beginRun, type Run } from "../../harness/run/run.ts";
import { removeRun } from "../../harness/run/sweep.ts";
import { makeAmtool } from "../amtool.ts";
import { readPlannedChart } from "../plan/charts/chart.ts";
import { Renderer } from "../plan/charts/render.ts";
import { type Checks, makePlan } from "../plan/plan.ts";
import { layerFiles } from "../plan/values/values.ts";
import { makePromtool } from "../promtool.ts";
import { makeTrap, outlineOf, readTraps, type TrapSide } from "./catalogue.ts";

const release = { name: "monitoring", namespace: "monitoring" };
const traps = await readTraps();
const engine = await connectEngine(() => undefined);
let run: Run;
let helm: StartedHelm;
let checks: Checks;

beforeAll(async () => {
	run = await beginRun();
	const progress = new Progress();
	const source = await openImageSource(
		engine.docker,
		inject("imageSource"),
		progress,
	);
	const images = await source.provideComponents(["helm"], progress);
	checks = {
		alertmanager: makeAmtool({ engine, run }, source, progress),
		prometheus: await makePromtool({ engine, run }, source, progress),
		image: async (reference) => refusalOf(reference),
	};
	helm = await StartedHelm.start(run, images.get("helm")?.local ?? "", "none");
});
afterAll(async () => {
	await removeRun(engine.docker, run.id);
	await run.end();
});

const read = ({ chart, values }: TrapSide) =>
	readPlannedChart(helm, chart, layerFiles(values), release, {});

/** A registry that lacks some images, and one that does not answer. */
function refusalOf(reference: string): RegistryRefusal | undefined {
	const said = /nowhere/.test(reference)
		? "manifest unknown"
		: /^unreachable/.test(reference)
			? "dial tcp: i/o timeout"
			: undefined;
	return said === undefined
		? undefined
		: new RegistryRefusal(reference, new Error(said), undefined);
}

describe("a plan finds each trap of the catalogue, and nothing else", () => {
	test.concurrent.each(traps)("$id", async (trap) => {
		const pair = await makeTrap(trap, join(run.tempDir, "traps"));
		const [from, to] = await Promise.all([read(pair.from), read(pair.to)]);
		const plan = await makePlan(new Renderer("1.33.0"), from, to, [], checks);
		expect(outlineOf(plan.reasons)).toEqual([...trap.expect].sort());
	});
});
