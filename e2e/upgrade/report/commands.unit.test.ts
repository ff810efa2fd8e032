import { expect, test } from "vitest";
import { makeHelm } from "../tools/helm.ts";
import {
	choiceFound,
	choiceNamed,
	crdsCommand,
	crdsJob,
	linesOf,
} from "./steps/make-lines.ts";

const crdsFirst = "# the CRDs first: Helm leaves them as they are";
const upgradeChart =
	"helm upgrade stack kube-prometheus-stack --repo https://charts.example.org --version 79.12.0 --namespace monitoring --skip-crds --values values.yaml";
const replace = "# replace stack by your release, monitoring by its namespace";

test.each([[undefined], [choiceNamed("helm3")]])(
	"Helm 3 upgrades after its CRDs are applied",
	(choice) => {
		expect(linesOf({ ...(choice && { choice }) })).toEqual([
			replace,
			crdsFirst,
			crdsCommand,
			upgradeChart,
		]);
	},
);

test("the chart's own job spares the CRDs' command", () => {
	expect(linesOf({ choice: choiceNamed("helm3"), after: crdsJob })).toEqual([
		replace,
		upgradeChart,
	]);
});

test("Helm 4 is told what a conflict means", () => {
	expect(linesOf({ choice: choiceNamed("helm4") })).toEqual([
		replace,
		crdsFirst,
		crdsCommand,
		upgradeChart,
		expect.stringMatching(/^# if it stops at a conflict.*--force-conflicts$/),
	]);
});

test("Helm that was named for a repository takes the release's own name, and its values as a file", () => {
	const lines = linesOf({
		choice: choiceNamed("helm3"),
		deployer: "Flux",
		values: ["values.yaml", "apps/stack.yaml (spec.values)"],
	});
	expect(lines).toEqual([
		"# put the values of apps/stack.yaml (spec.values) into values.yaml",
		crdsFirst,
		crdsCommand,
		upgradeChart,
	]);
});

test.each([
	[
		"Helmfile",
		"apps/helmfile.yaml",
		"helmfile --file apps/helmfile.yaml --selector name=stack apply",
	],
	["Terraform", "infra/main.tf", "terraform -chdir=infra apply"],
	["Helm", "up.sh", "# up.sh"],
])(
	"%s is run as its repository does it, after the CRDs",
	(deployer, file, command) => {
		const of = { deployer, file, choice: choiceFound(makeHelm(3, deployer)) };
		const merge = "# merge the change, and apply it as you always do, such as:";
		expect(linesOf(of)).toEqual([merge, command]);
		expect(linesOf({ ...of, reasons: ["crds-left-behind"] })).toEqual([
			expect.stringContaining("# the CRDs first"),
			crdsCommand,
			merge,
			command,
		]);
	},
);

test("where nobody says who applies the CRDs, their command is there", () => {
	const choice = choiceFound({ ...makeHelm(3, "Fleet"), crds: "unknown" });
	const fleet = { choice, deployer: "Fleet", file: "fleet.yaml" };
	expect(linesOf(fleet)).toEqual([
		expect.stringContaining("unless something else applies them"),
		crdsCommand,
		"# merge the change: Fleet upgrades what fleet.yaml says",
	]);
	expect(linesOf({ ...fleet, after: crdsJob })).toHaveLength(1);
});
