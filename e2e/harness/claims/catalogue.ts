import { readdir } from "node:fs/promises";
import type { TestModule, TestProject, Vitest } from "vitest/node";
import { chooseByName } from "../../common/choose.ts";
import { claimIdOf } from "../../common/claim-id.ts";
import {
	type ClaimNeed,
	type DisruptedPart,
	disruptedBy,
	ignoredBy,
	needsOf,
} from "../../common/claim-tags.ts";
import type { Environment } from "../../common/environment.ts";
import { BadInputError } from "../../common/errors.ts";
import { projectPath, projectRoot } from "../../common/paths.ts";
import { createQuietVitest } from "./quiet-vitest.ts";

/** The folders of both sets of claims: those of every run, and those of `--faults`. */
const folders = { claims: "e2e", faults: "e2e/faults" } as const;
export type ClaimSet = keyof typeof folders;

/** A claim as its file <id>.test.ts describes it. */
export interface Claim {
	readonly id: string;
	readonly file: string;
	/** The title of its `describe`. */
	readonly title: string;
	/** What it breaks for a while. */
	readonly disrupts: readonly DisruptedPart[];
	/** What may be broken while it is tested. */
	readonly ignores: readonly DisruptedPart[];
	readonly needs: readonly ClaimNeed[];
	/** Whether it is tested at each stage of an upgrade. */
	readonly upgrade: boolean;
}

/** Reads every claim of a set, with the title and tags of its `describe`, without running it. */
export async function readClaims(
	set: ClaimSet,
	vitest?: Vitest,
): Promise<Claim[]> {
	const own =
		vitest ??
		(await createQuietVitest({ root: projectRoot, watch: false, run: true }));
	try {
		const project = projectOf(own, set);
		const files = await listFiles(set);
		const modules = await own.parseSpecifications(
			files.map((file) => project.createSpecification(file)),
		);
		return modules.map(readClaim);
	} finally {
		if (!vitest) await own.close();
	}
}

/** The project of a set: it is named after it. */
export function projectOf(vitest: Vitest, set: ClaimSet): TestProject {
	const project = vitest.projects.find(({ name }) => name === set);
	if (!project) throw new Error(`vitest.config.ts has no project ${set}`);
	return project;
}

function readClaim(module: TestModule): Claim {
	const file = module.moduleId;
	const id = claimIdOf(file);
	const [suite, ...others] = [...module.children].filter(
		({ type }) => type === "suite",
	);
	if (suite?.type !== "suite" || others.length > 0)
		throw new Error(`${file} must have one describe: it is the claim`);
	const { tags = [] } = suite.options;
	return {
		id,
		file,
		title: suite.name,
		disrupts: disruptedBy(tags),
		ignores: ignoredBy(tags),
		needs: needsOf(tags),
		upgrade: tags.includes("upgrade"),
	};
}

async function listFiles(set: ClaimSet): Promise<string[]> {
	const names = (await readdir(projectPath(folders[set]))).filter((name) =>
		/^[a-z0-9-]+\.test\.ts$/.test(name),
	);
	return names.sort().map((name) => projectPath(folders[set], name));
}

/** @throws BadInputError if --only names something that is not a claim of the set */
export async function checkOnly(
	only: readonly string[],
	set: ClaimSet = "claims",
): Promise<void> {
	const ids = (await listFiles(set)).map(claimIdOf);
	const other = set === "faults" ? "claims" : "faults";
	const others = (await listFiles(other)).map(claimIdOf);
	const elsewhere = only.find(
		(name) => !ids.includes(name) && others.includes(name),
	);
	if (elsewhere)
		throw new BadInputError(
			`--only ${elsewhere}: it is tested by npm run e2e${set === "faults" ? "" : " -- --faults"}`,
		);
	chooseByName("claims", ids, only, (id) => [id]);
}

/**
 * Chooses the claims that an upgrade tests at each stage.
 *
 * @param only ids; if empty, the claims with the tag `upgrade`
 * @throws BadInputError if `only` names a claim that needs more than the chart
 */
export async function chooseForUpgrade(
	only: readonly string[],
): Promise<string[]> {
	await checkOnly(only);
	const claims = await readClaims("claims");
	if (only.length === 0)
		return claims.filter(({ upgrade }) => upgrade).map(({ id }) => id);
	for (const { id, needs } of claims.filter(({ id }) => only.includes(id)))
		if (needs.length > 0)
			throw new BadInputError(
				`--only ${id}: it needs ${needs.join(" and ")}, but an upgrade is tested with the chart alone`,
			);
	return [...only];
}

/** What a claim needs and an environment does not have; empty if the claim can be tested. */
export function findMissing(
	{ needs }: Pick<Claim, "needs">,
	{ addons, images }: Pick<Environment, "addons" | "images">,
): ClaimNeed[] {
	const running: readonly string[] = [
		...addons,
		...(images.browser ? ["browser"] : []),
	];
	return needs.filter((need) => !running.includes(need));
}

/** Says why a claim is skipped if something that it needs is missing. */
export function explainMissing(missing: readonly ClaimNeed[]): string {
	return missing.includes("browser")
		? "it looks at Grafana's pages, but the Grafana of this run was built without them"
		: `it needs what this run does not have: ${missing.join(", ")}`;
}
