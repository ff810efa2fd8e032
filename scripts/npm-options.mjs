/**
 * Options of the commands. If one comes before the "--", npm consumes it, and the command never sees it.
 * --only is missing: npm has an option of that name, and does not pass it on in any way.
 */
export const npmOptions = [
	...[
		"against",
		"apply-crds",
		"artifact",
		"base",
		"ca-file",
		"chart",
		"chart-version",
		"check-images",
		"clusters",
		"command",
		"context",
		"faults",
	],
	...[
		"fresh",
		"from",
		"from-release",
		"from-values",
		"head",
		"healthy",
		"history",
		"images",
	],
	...[
		"json",
		"k3s-version",
		"keep",
		"kube-version",
		"list",
		"namespace",
		"no-whole",
	],
	...[
		"patience",
		"pin",
		"plan",
		"repo",
		"report",
		"repository",
		"rounds",
		"run",
		"sample",
	],
	...[
		"save",
		"scale",
		"shard",
		"skip-crds",
		"snapshotter",
		"to",
		"to-values",
		"together",
	],
	"values",
	"with",
	// npm reads --plan as this one, too, so it comes last.
	"all",
];

/** The first of them that npm consumed, or undefined. */
export function findConsumed(env) {
	const isSet = (name) => `npm_config_${name.replace(/-/g, "_")}` in env;
	return npmOptions.find(
		(option) =>
			isSet(option.replace(/^no-/, "")) ||
			// npm reads it as -p, -l, -a and -n.
			(option === "plan" && ["parseable", "long", "all"].every(isSet)),
	);
}
