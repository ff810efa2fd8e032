import { BadInputError } from "../../common/errors.ts";
import { makeArgo } from "./argo.ts";
import { makeFlux } from "./flux.ts";
import { makeHelm } from "./helm.ts";
import { type Tool, type ToolName, toolNames } from "./tool.ts";

/** The tool that an upgrade is done with. */
export interface ToolChoice {
	readonly tool: Tool;
	/** Whether the person named it, and the repository says another one or nothing. */
	readonly isNamed: boolean;
	/** How the repository had it installed so far; undefined without one. */
	readonly before: Tool | undefined;
	/** What else in the same repository brings the CRDs. */
	readonly crdsSource: CrdsSource | undefined;
}

/** What applies the operator's CRDs beside the chart: its versions before and after, empty where it is not there. */
export interface CrdsSource {
	/** For messages, e.g. prometheus-operator-crds. */
	readonly name: string;
	readonly before: string;
	readonly after: string;
}

/** Checks `--with`. @throws BadInputError */
export function readToolName(text: string | undefined): ToolName | undefined {
	if (text === undefined) return undefined;
	const found = toolNames.find((name) => name === text);
	if (!found)
		throw new BadInputError(
			`--with ${text}: must be one of ${toolNames.join(", ")}`,
		);
	return found;
}

/** A tool with its defaults. */
export function makeTool(name: ToolName): Tool {
	switch (name) {
		case "helm3":
			return makeHelm(3);
		case "helm4":
			return makeHelm(4);
		case "flux":
			return makeFlux({}, undefined);
		case "argo":
			return makeArgo({}, {}, undefined);
	}
}

/** A tool that a person named, where nothing else is known. */
export function makeNamedChoice(name: ToolName): ToolChoice {
	return {
		tool: makeTool(name),
		isNamed: true,
		before: undefined,
		crdsSource: undefined,
	};
}

/**
 * The tool that was named, or the one that a repository says. Where both are the same tool, its settings in the
 * repository count; another version of Helm is still run by what runs it there.
 */
export function chooseTool(
	named: ToolName | undefined,
	found: Tool,
): Pick<ToolChoice, "tool" | "isNamed"> {
	if (named === undefined || named === found.name)
		return { tool: found, isNamed: false };
	const isHelm = (name: Tool["name"]) => name === "helm3" || name === "helm4";
	if (!isHelm(named) || !isHelm(found.name))
		return { tool: makeTool(named), isNamed: true };
	const { apply, title } = makeTool(named);
	return {
		tool: {
			...found,
			name: named,
			title: found.title.replace(/Helm \d$/, title),
			apply,
		},
		isNamed: false,
	};
}
