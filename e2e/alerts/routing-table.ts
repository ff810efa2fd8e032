/** Where the homelab sends an alert: to Slack, repeated at this interval, or to nobody. */
export interface ExpectedRoute {
	readonly labels: Readonly<Record<string, string>>;
	readonly goesTo: "slack" | "nobody";
	/** As Alertmanager writes durations; undefined if nobody is notified. */
	readonly repeats?: "1h" | "6h";
}

/** "Critical repeats every 1 hour, warning every 6 hours, InfoInhibitor goes to a null receiver." */
export const routingTable: readonly ExpectedRoute[] = [
	{
		labels: { severity: "critical", alertname: "KubeNodeNotReady" },
		goesTo: "slack",
		repeats: "1h",
	},
	{
		labels: {
			severity: "critical",
			alertname: "TargetDown",
			namespace: "monitoring",
			job: "node-exporter",
		},
		goesTo: "slack",
		repeats: "1h",
	},
	{
		labels: { severity: "critical", namespace: "kube-system" },
		goesTo: "slack",
		repeats: "1h",
	},
	{
		labels: { severity: "warning", alertname: "KubePodCrashLooping" },
		goesTo: "slack",
		repeats: "6h",
	},
	{
		labels: {
			severity: "warning",
			alertname: "TargetDown",
			namespace: "default",
			service: "loki",
		},
		goesTo: "slack",
		repeats: "6h",
	},
	{ labels: { severity: "warning" }, goesTo: "slack", repeats: "6h" },
	{
		labels: { alertname: "InfoInhibitor", severity: "none" },
		goesTo: "nobody",
	},
	{
		labels: {
			alertname: "InfoInhibitor",
			severity: "none",
			// No team has all alerts of this namespace sent to itself as well.
			namespace: "kube-public",
		},
		goesTo: "nobody",
	},
	// Alerts whose names only begin or end like those are ordinary alerts.
	{
		labels: { alertname: "InfoInhibitorBroken", severity: "critical" },
		goesTo: "slack",
		repeats: "1h",
	},
	{
		labels: { alertname: "NoWatchdog", severity: "warning" },
		goesTo: "slack",
		repeats: "6h",
	},
];

/** A row as text, so that a difference is easy to read: `severity=critical: slack, every 1h`. */
export function describeRoute(route: {
	readonly labels: ExpectedRoute["labels"];
	readonly goesTo: string;
	readonly repeats?: string;
}): string {
	const labels = Object.entries(route.labels)
		.map(([name, value]) => `${name}=${value}`)
		.join(" ");
	// The interval does not matter if nobody is notified.
	const repeats = route.goesTo === "nobody" ? "" : `, every ${route.repeats}`;
	return `${labels}: ${route.goesTo}${repeats}`;
}
