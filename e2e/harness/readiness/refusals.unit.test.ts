import { expect, test } from "vitest";
import { budgets } from "../../common/budgets.ts";
import { EnvironmentError } from "../../common/errors.ts";
import { NeverSeenError } from "../../common/eventually.ts";
import {
	findReloadError,
	isFinal,
	isOwnCrash,
	unlessRefused,
} from "./refusals.ts";

const loadFailed =
	'level=ERROR source=main.go:690 msg="Error loading config (--config.file=/etc/prometheus/config_out/prometheus.env.yaml)" err="parsing YAML file: found multiple scrape configs with job name \\"nas\\""';

test("what is not there may come later, what is wrong stays wrong after a while", () => {
	const wrong = 'undefined receiver "null" used in route';
	expect(isFinal(wrong, budgets.refusal)).toBe(true);
	expect(isFinal(wrong, budgets.refusal - 1)).toBe(false);
	expect(isFinal('secrets "nas" not found', 10 * budgets.refusal)).toBe(false);
});

const unreachable = [
	'create or update secret: Internal error occurred: failed calling webhook "m.n": dial tcp 10.43.0.9:443: connect: connection refused',
	"synchronize failed: etcdserver: request timed out",
	"update StatefulSet: Operation cannot be fulfilled: please apply your changes to the latest version",
	"Get https://10.43.0.1:443/api: context deadline exceeded",
];

test.each(unreachable)("it is not the object's fault: %s", async (said) => {
	expect(isFinal(said, 10 * budgets.refusal)).toBe(false);
	const error = new NeverSeenError(
		`the operator has made x: not within 240.0 s; last seen: Alertmanager/m/a is Reconciled=False: ReconciliationFailed: ${said}`,
	);
	await expect(
		unlessRefused("Alertmanager", () => Promise.reject(error)),
	).rejects.toBe(error);
});

test.each([
	'scrapeTimeout "90s" greater than scrapeInterval "60s"',
	"template: slack.tmpl:3: unexpected EOF",
])("it is one's own fault: %s", (said) => {
	expect(isFinal(said, budgets.refusal)).toBe(true);
});

test.each([
	[
		true,
		`pod p-0: container prometheus was restarted 2 times (exit code 2); its log ends: ${loadFailed}`,
	],
	[
		true,
		'pod a-0: container alertmanager crashed 1 times (exit code 1); its log ends: msg="Loading configuration file failed" err="undefined receiver"',
	],
	[
		false,
		"pod p-0: container prometheus crashed 4 times (exit code 137, OOMKilled); its log ends: Server is ready",
	],
	[
		false,
		`pod p-0: container thanos-sidecar crashed 2 times (exit code 1); its log ends: ${loadFailed}`,
	],
	// The first crash: it may start as it should the second time.
	[
		false,
		`pod p-0: container prometheus ended (exit code 2); its log ends: ${loadFailed}`,
	],
	[
		false,
		`pod p-0: container prometheus was restarted 1 times (exit code 2); its log ends: ${loadFailed}`,
	],
	[
		false,
		'pod a-0: container alertmanager crashed 2 times (exit code 1); its log ends: msg="Loading configuration file failed" err="open /etc/alertmanager/config_out/alertmanager.env.yaml: no such file or directory"',
	],
])("%s: %s", (own, reason) => {
	expect(isOwnCrash(reason)).toBe(own);
});

test("only the last attempt to load a configuration counts", () => {
	const failed = 'msg="Error reloading config" err="found multiple"';
	const done = 'msg="Completed loading of configuration file"';
	expect(findReloadError(`${done}\n${failed}\nother\n`)).toBe(failed);
	expect(findReloadError(`${failed}\n${done}\n`)).toBeUndefined();
	expect(findReloadError("other")).toBeUndefined();
});

test.each([
	"the operator has made x: hopeless after 20.1 s: Alertmanager/m/a is Reconciled=False: ReconciliationFailed: undefined receiver",
	`x is rolled out: hopeless after 9 s: pod p-0: container prometheus crashed 1 times (exit code 2); its log ends: ${loadFailed}`,
	'Prometheus has loaded it: hopeless after 30 s: pod p-0 could not load its configuration: msg="Error reloading config"',
])("a refusal is handed on: %s", async (says) => {
	const wait = () => Promise.reject(new NeverSeenError(says));
	expect(await unlessRefused("Prometheus", wait)).toEqual([
		{ kind: "Prometheus", says },
	]);
});

test("nothing else is", async () => {
	expect(await unlessRefused("Prometheus", async () => {})).toEqual([]);
	for (const error of [
		new NeverSeenError("x is rolled out: pod p-0: Unschedulable: no node"),
		new NeverSeenError("x: given up because the run was stopped"),
		new EnvironmentError("a is Reconciled=False: no answer"),
	])
		await expect(
			unlessRefused("Prometheus", () => Promise.reject(error)),
		).rejects.toBe(error);
});
