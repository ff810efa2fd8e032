import { makeSide } from "../../plan/cases/read-cases.ts";
import type { ReasonId } from "../../reason-kinds.ts";
import { makeReason } from "../../reasons.ts";
import { makeNamedChoice, type ToolChoice } from "../../tools/choice.ts";
import type { Tool, ToolName } from "../../tools/tool.ts";
import { makeCommands } from "../commands.ts";
import type { PlannedUpgrade } from "./upgrade.ts";

const { crds } = makeSide([], {
	objects: [
		{
			...{ kind: "CustomResourceDefinition", name: "gadgets.example.org" },
			spec: { group: "example.org", names: { kind: "Gadget" }, versions: [] },
		},
	],
});
/** A rendering with a job that applies the CRDs. */
export const crdsJob = makeSide([], {
	hooks: [
		{
			...{ kind: "Job", name: "crds-upgrade" },
			annotations: { "helm.sh/hook": "pre-upgrade" },
			spec: {
				template: {
					spec: { containers: [{ args: ["apply", "--filename=crds.yaml"] }] },
				},
			},
		},
	],
});

const chart = (version: string, source = "https://charts.example.org") => ({
	...{ source, crds },
	metadata: { name: "kube-prometheus-stack", version },
	loaded: { release: { name: "stack", namespace: "monitoring" } },
});

/** An upgrade from 78.5.0 to 79.12.0, in short. */
interface WantedLines {
	readonly choice?: ToolChoice;
	/** As in ReleaseOrigin, where a repository is what is installed. */
	readonly deployer?: string;
	readonly file?: string;
	readonly reasons?: readonly ReasonId[];
	readonly after?: PlannedUpgrade["after"];
	readonly source?: string;
	readonly values?: readonly string[];
}

/** For tests: the last lines of a report. */
export const linesOf = ({
	choice,
	deployer,
	file = "apps/stack.yaml",
	reasons = [],
	after = makeSide([], {}),
	source,
	values = ["values.yaml"],
}: WantedLines) =>
	makeCommands({
		charts: {
			from: chart("78.5.0", source),
			to: chart("79.12.0", source),
			options: {
				from: { values: [{ name: "values.yaml", content: "" }] },
				to: { values: values.map((name) => ({ name, content: "" })) },
				choice,
				fromRelease: undefined,
				...(deployer && {
					origin: {
						deployer,
						file,
						line: 3,
						hasUnreadChanges: false,
						unknown: [],
					},
				}),
			},
		},
		after,
		reasons: reasons.map((id) => makeReason(id, "a", "It is so.")),
	});

/** A tool of --with. */
export const choiceNamed = (name: ToolName): ToolChoice =>
	makeNamedChoice(name);
/** A tool of a repository. */
export const choiceFound = (
	tool: Tool,
	more: Partial<ToolChoice> = {},
): ToolChoice => ({
	...{ tool, isNamed: false, before: tool, crdsSource: undefined },
	...more,
});
/** Where they are written. */
export const settingsOf = (kind: string, namespace: string) => ({
	place: { file: "apps/stack.yaml", line: 3 },
	...{ kind, name: "kps", namespace },
});

/** The command that applies the CRDs. */
export const crdsCommand =
	"helm show crds kube-prometheus-stack --repo https://charts.example.org --version 79.12.0 | kubectl apply --server-side --force-conflicts -f -";
