import { BadInputError, SetUpError } from "../../common/errors.ts";

/** What Helm was asked to do. */
export interface HelmCall {
	/** Without `helm` itself, its subcommand first. */
	readonly args: readonly string[];
	/** Which chart, as messages name it, e.g. "the old chart (77.14.0)"; undefined where it is about none. */
	readonly chart?: string | undefined;
	/** Names of the values files, in the order in which they are layered. */
	readonly values?: readonly string[];
}

/** Helm ended with another exit code than 0. */
export class HelmError extends Error {
	override readonly name = "HelmError";
	readonly args: readonly string[];
	readonly chart: string | undefined;
	readonly values: readonly string[];
	/** What Helm wrote to its standard error, without its warnings. */
	readonly lines: readonly string[];

	constructor({ args, chart, values = [] }: HelmCall, stderr: string) {
		const lines = stderr
			.split("\n")
			.map((line) => line.replace(/^Error: /, "").trimEnd())
			.filter(
				(line) => line.trim() && !/^(WARNING|walk\.go|level=)/.test(line),
			);
		const about = [
			chart && ` for ${chart}`,
			values.length > 0 && ` with ${values.join(", ")}`,
		];
		super(
			`helm ${args[0]} failed${about.filter(Boolean).join("")}: ${lines.join("\n  ")}`,
		);
		this.args = args;
		this.chart = chart;
		this.values = values;
		this.lines = lines;
	}
}

/** What Helm says where the values or the chart are wrong. */
const badInput =
	/don't meet the specifications of the schema|execution error at|parse error|YAML parse|incompatible with Kubernetes|missing in charts\/ directory|Chart\.yaml/;

/** The error that a failed call ends in: bad input where the values or the chart are wrong. */
export function helmFailure(
	call: HelmCall,
	stderr: string,
): BadInputError | SetUpError {
	const cause = new HelmError(call, stderr);
	return badInput.test(cause.lines.join(" "))
		? new BadInputError(cause.message, { cause })
		: new SetUpError(cause.message, { cause });
}
