import { memoize } from "es-toolkit";
import { RE2JS } from "re2js";

/** The same few are asked again for each alert and each target. */
const compileWhole = memoize(
	(pattern: string) => new GoRegex(`^(?:${pattern})$`, RE2JS.DOTALL),
);

/** A regular expression as Go reads it: Prometheus, Alertmanager and the exporters are written in Go. */
export class GoRegex {
	readonly #compiled: RE2JS;

	/** @throws Error if Go would refuse it */
	constructor(pattern: string, flags = 0) {
		this.#compiled = RE2JS.compile(pattern, flags);
	}

	/** As in relabelling rules and matchers: it must match the whole text, and a dot matches line ends as well. */
	static whole(pattern: string): GoRegex {
		return compileWhole(pattern);
	}

	/** Whether it matches a part of a text. */
	test(text: string): boolean {
		return this.#compiled.matcher(text).find();
	}

	/**
	 * What relabelling makes of a text that it matches: `$1` or `${name}` is a group's part of the text, empty if there is
	 * no such group.
	 */
	expand(text: string, template: string): string {
		const matcher = this.#compiled.matcher(text);
		if (!matcher.find()) return text;
		const named: Readonly<Record<string, unknown>> =
			this.#compiled.namedGroups();
		const groupOf = (name: string) => {
			const isNumber = /^\d+$/.test(name);
			const exists = isNumber
				? Number(name) <= this.#compiled.groupCount()
				: name in named;
			return (exists && matcher.group(isNumber ? Number(name) : name)) || "";
		};
		return template.replaceAll(
			/\$(?:\$|(\w+)|\{(\w+)\})/g,
			(whole, bare?: string, braced?: string) =>
				whole === "$$" ? "$" : groupOf(bare ?? braced ?? ""),
		);
	}
}
