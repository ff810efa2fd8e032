import { expect, test } from "vitest";
import { makeSide } from "../cases/read-cases.ts";
import type { Side } from "../charts/side.ts";
import { compareGrafanaSwitches } from "./grafana-switches.ts";

const google = "[auth.google]\nenabled = true";
const makeGrafana = (ini: string): Side =>
	makeSide(
		[
			{
				kind: "ConfigMap",
				name: "grafana",
				data: { "grafana.ini": `[log]\nmode = console\n${ini}\n` },
			},
		],
		{},
	);

test.each([
	[
		"a first provider with the address",
		"",
		`[server]\nroot_url = https://a.org\n${google}`,
		0,
	],
	[
		"a provider that there was",
		`[server]\nroot_url = https://a.org\n${google}`,
		`[server]\nroot_url = https://b.org\n${google}`,
		1,
	],
	[
		"parts written out",
		`[server]\ndomain = a.org\nroot_url = https://%(domain)s\n${google}`,
		`[server]\nroot_url = https://a.org/\n${google}`,
		0,
	],
	[
		"the usual address written out",
		google,
		`[server]\nroot_url = %(protocol)s://%(domain)s:%(http_port)s/\n${google}`,
		0,
	],
	[
		"another domain",
		`[server]\ndomain = a.org\nroot_url = https://%(domain)s\n${google}`,
		`[server]\ndomain = b.org\nroot_url = https://%(domain)s\n${google}`,
		1,
	],
	[
		"another domain that is no part",
		`[server]\ndomain = a.org\nroot_url = https://c.org\n${google}`,
		`[server]\ndomain = b.org\nroot_url = https://c.org\n${google}`,
		0,
	],
])("Grafana's address for logins elsewhere: %s", (_, before, after, count) => {
	expect(
		compareGrafanaSwitches(makeGrafana(before), makeGrafana(after)),
	).toHaveLength(count);
});
