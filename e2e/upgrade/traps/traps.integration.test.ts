import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { memoize } from "es-toolkit";
import {
	afterAll,
	beforeAll,
	describe,
	expect,
	inject,
	test,
	vi,
} from "vitest";
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
import {
	type DeclaredSide,
	declareSides,
	outlineOf,
	readTraps,
	writeChart,
} from "./catalogue.ts";

const release = { name: "monitoring", namespace: "monitoring" };
const traps = await readTraps();
const engine = await connectEngine(() => undefined);
// Renderings that wait at the same time are one process in Helm's container; those of five plans are too few.
vi.setConfig({ maxConcurrency: 16 });

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

const renderer = new Renderer("1.33.0");

/** Most traps have a side in common with others: it is copied, rendered and tried once. */
const makeReader = (role: "from" | "to") => {
	const readChart = memoize(
		async (edits: DeclaredSide["edits"]) => {
			const path = join(run.tempDir, "traps", role, randomUUID());
			const chart = await writeChart(edits, path);
			return readPlannedChart(helm, chart, {}, release, {});
		},
		{ getCacheKey: (edits) => JSON.stringify(edits) },
	);
	return memoize(
		async ({ edits, values }: DeclaredSide) => ({
			...(await readChart(edits)),
			values: layerFiles(values),
		}),
		{ getCacheKey: (side) => JSON.stringify(side) },
	);
};
// Two of each, so that what is random differs between the same chart on both sides.
const readFrom = makeReader("from");
const readTo = makeReader("to");

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
		const sides = await declareSides(trap);
		const [from, to] = await Promise.all([
			readFrom(sides.from),
			readTo(sides.to),
		]);
		const plan = await makePlan(renderer, from, to, [], checks);
		expect(outlineOf(plan.reasons)).toEqual([...trap.expect].sort());
	});
});
