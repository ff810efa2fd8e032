import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { chooseByName } from "../../common/choose.ts";
import { claimIdOf } from "../../common/claim-id.ts";
import type { Environment } from "../../common/environment.ts";
import { BadInputError } from "../../common/errors.ts";
import { projectPath, projectRoot } from "../../common/paths.ts";
import type { Progress } from "../../common/progress.ts";
import { redactFile } from "../../common/secrecy/redact.ts";
import { addons } from "../set-up/addons/addons.ts";
import { ClaimReporter } from "./claim-reporter.ts";
import { createQuietVitest } from "./quiet-vitest.ts";
import { type ClaimResult, holds, notAskedFor } from "./summary.ts";

/** The claims of every run, or those of `--faults`, and where their files are. */
const folders = { claims: "e2e", faults: "e2e/faults" } as const;
export type ClaimSet = keyof typeof folders;

/** Ids of the claims that look at pages. */
const needsBrowser = ["grafana-pages"];

/** A claim of the project: <id>.test.ts in its set's folder. */
export interface Claim {
	readonly id: string;
	readonly title: string;
}

/** Every claim, with the title that its file gives it. */
async function listClaims(set: ClaimSet = "claims"): Promise<Claim[]> {
	const dir = projectPath(folders[set]);
	const files = (await readdir(dir)).filter((name) =>
		/^[a-z0-9-]+\.test\.ts$/.test(name),
	);
	return Promise.all(
		files.sort().map(async (file) => {
			const source = await readFile(join(dir, file), "utf8");
			const title = /\bdescribe\(\s*"([^"]+)"/.exec(source)?.[1];
			return { id: claimIdOf(file), title: title ?? claimIdOf(file) };
		}),
	);
}

/** @throws BadInputError where --only names no claim */
export async function checkOnly(
	only: readonly string[],
	set?: ClaimSet,
): Promise<void> {
	const claims = await listClaims(set);
	const others = await listClaims(set === "faults" ? "claims" : "faults");
	const elsewhere = only.find(
		(name) =>
			!claims.some(({ id }) => id === name) &&
			others.some(({ id }) => id === name),
	);
	if (elsewhere)
		throw new BadInputError(
			`--only ${elsewhere}: it is tested by npm run e2e${set === "faults" ? "" : " -- --faults"}`,
		);
	chooseByName("claims", claims, only, ({ id }) => [id]);
}

/** @throws BadInputError where --only names a claim that cannot be tested by the chart alone */
export function checkOnlyOfChart(only: readonly string[]): void {
	for (const id of only) {
		const { name } = addons.find(({ claims }) => claims.includes(id)) ?? {};
		if (name)
			throw new BadInputError(
				`--only ${id}: it needs ${name}, which runs beside the chart and not in an upgrade`,
			);
		if (needsBrowser.includes(id))
			throw new BadInputError(`--only ${id}: an upgrade has no browser`);
	}
}

/**
 * Tests the claims in an environment. Those that do not disturb each other run at the same time; see
 * vitest.config.ts.
 *
 * @param only ids; empty means all
 */
export async function testClaims(
	environment: Environment,
	only: readonly string[],
	progress: Progress,
	set: ClaimSet = "claims",
): Promise<ClaimResult[]> {
	const claims = await listClaims(set);
	const unwanted = new Map(
		claims.flatMap(({ id }) => {
			const why = whySkipped(id, only, environment);
			return why ? [[id, why] as const] : [];
		}),
	);
	const wanted = claims.filter(({ id }) => !unwanted.has(id));
	const reporter = new ClaimReporter(progress);
	const vitest = await createQuietVitest({
		root: projectRoot,
		watch: false,
		run: true,
		project: set === "faults" ? ["faults"] : ["steady", "disruptive"],
		reporters: [reporter, "junit"],
		outputFile: { junit: join(environment.reportDir, "junit.xml") },
	});
	try {
		for (const project of vitest.projects)
			project.provide("environment", environment);
		await vitest.start(
			wanted.map(({ id }) => join(folders[set], `${id}.test.ts`)),
		);
	} finally {
		await vitest.close();
		// vitest sets the exit code by itself; here the verdict does.
		process.exitCode = 0;
		await redactFile(join(environment.reportDir, "junit.xml"));
	}
	for (const error of reporter.stray)
		progress.say(`outside any test: ${error}`);
	return claims.map(({ id, title }): ClaimResult => {
		const result = reporter.results.get(id);
		// An error that no test caught may have been any claim's.
		if (result && holds(result.status) && reporter.stray.length > 0) {
			const message = `an error outside any test: ${reporter.stray.join("; ")}`;
			return { ...result, tests: [], status: "inconclusive", message };
		}
		const skipped = unwanted.get(id);
		return (
			result ?? {
				id,
				title,
				seconds: 0,
				notes: [],
				tests: [],
				status: skipped ? "skipped" : "inconclusive",
				message: skipped ?? ["it did not run", ...reporter.stray].join(": "),
			}
		);
	});
}

function whySkipped(
	id: string,
	only: readonly string[],
	environment: Environment,
): string | undefined {
	return only.length > 0 && !only.includes(id)
		? notAskedFor
		: whyNotHere(id, environment);
}

/** Why a claim cannot be tested in an environment; undefined where it can. */
export function whyNotHere(
	id: string,
	{ addons: running, images }: Pick<Environment, "addons" | "images">,
): string | undefined {
	if (needsBrowser.includes(id) && !images.browser)
		return "no Grafana with pages runs here: one that was built here has none";
	const missing = addons.filter(
		({ name, claims }) => claims.includes(id) && !running.includes(name),
	);
	return missing.length > 0
		? `it needs what does not run here: ${missing.map(({ name }) => name).join(", ")}`
		: undefined;
}
