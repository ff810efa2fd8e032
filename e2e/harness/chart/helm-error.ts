import { BadInputError, SetUpError } from "../../common/errors.ts";

/** A call of Helm. */
export interface HelmCall {
	/** Without `helm`, the subcommand first. */
	readonly args: readonly string[];
	/** The chart, as messages name it, e.g. "the old chart (77.14.0)"; undefined if the call is about no chart. */
	readonly chart?: string | undefined;
	/** The names of the values files, in the order in which they are layered. */
	readonly values?: readonly string[];
}

/** How a call of Helm ended. */
export interface HelmResult {
	readonly exitCode: number;
	readonly stderr: string;
}

/** Helm ended with an exit code other than 0. */
export class HelmError extends Error {
	override readonly name = "HelmError";
	/** The whole command line, for a person to read. */
	readonly command: string;
	readonly args: readonly string[];
	readonly exitCode: number;
	readonly chart: string | undefined;
	readonly values: readonly string[];
	/** Helm's standard error, without its warnings. */
	readonly lines: readonly string[];
	/** What Helm said, or its exit code if it said nothing. */
	readonly reason: string;

	constructor(
		{ args, chart, values = [] }: HelmCall,
		{ exitCode, stderr }: HelmResult,
		options?: ErrorOptions,
	) {
		const lines = stderr
			.split("\n")
			.map((line) => line.replace(/^Error: /, "").trimEnd())
			.filter((line) => line.trim() && !besides.test(line));
		const reason = lines.join("\n  ") || `exit code ${exitCode}`;
		const about = [
			chart && ` for ${chart}`,
			values.length > 0 && ` with ${values.join(", ")}`,
		];
		super(
			`helm ${args[0]} failed${about.filter(Boolean).join("")}: ${reason}`,
			options,
		);
		this.command = ["helm", ...args].join(" ");
		this.args = args;
		this.exitCode = exitCode;
		this.chart = chart;
		this.values = values;
		this.lines = lines;
		this.reason = reason;
	}
}

/** What Helm says beside its error: warnings, and lines of its Kubernetes client's log, such as "E1129 17:36:48.726090 ...". */
const besides = /^(WARNING|walk\.go|level=|[IWEF]\d{4} \d\d:)/;

/** What Helm says if the values or the chart are wrong, the API server's refusal of an object included. */
const badInput =
	/" is invalid: |don't meet the specifications of the schema|execution error at|parse error|YAML parse|incompatible with Kubernetes|missing in charts\/ directory|Chart\.yaml|cannot load values\.yaml/;

/** Makes the error of a failed call: bad input if the values or the chart are wrong. */
export function helmFailure(
	call: HelmCall,
	result: HelmResult,
): BadInputError | SetUpError {
	const cause = new HelmError(call, result);
	return badInput.test(cause.lines.join(" "))
		? new BadInputError(cause.message, { cause })
		: new SetUpError(cause.message, { cause });
}
