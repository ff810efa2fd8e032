import { expect, test } from "vitest";
import { findSaid, parseOverrides, readOverrides } from "./overrides.ts";

test("a leaf's reason is the comment above it or above a key that contains it", () => {
	const text = `# about the file

a:
  # because of b
  b: 1
  c:
    # because of d
    d: x
# because of e
e:
  f: true
`;
	expect(parseOverrides(text)).toEqual([
		{ value: "a.b=1", reason: "because of b" },
		{ value: "a.c.d=x", reason: "because of d" },
		{ value: "e.f=true", reason: "because of e" },
	]);
});

test("every override of the project gives its reason", async () => {
	const overrides = await readOverrides([]);
	expect(overrides.length).toBeGreaterThan(0);
	expect(overrides.filter(({ reason }) => reason === "")).toEqual([]);
});

const files = [
	{ name: "a.yaml", content: "route: { group_wait: 30s }" },
	{ name: "b.yaml", content: "route: { group_interval: 5m }" },
	{ name: "empty.yaml", content: "" },
];

test.each([
	["route.group_wait=1s", "30s in a.yaml"],
	["route.group_interval=5s", "5m in b.yaml"],
	["route.group_interval=5m", undefined],
	["route.repeat_interval=1h", undefined],
])("%s replaces %s", (value, said) => {
	expect(findSaid({ value, reason: "" }, files)).toBe(said);
});

test("the report says which value of a person an override replaces, and leaves out defaults that a person replaces", async () => {
	const content =
		"prometheus: { prometheusSpec: { thanos: { blockSize: 2h }, containers: [] } }";
	const found = await readOverrides([{ name: "mine.yaml", content }]);
	const of = (key: string) => found.filter(({ value }) => value.includes(key));
	expect(of("blockSize")).toMatchObject([{ replaces: "2h in mine.yaml" }]);
	expect(of("containers")).toEqual([]);
	expect(of("readinessProbe")).toHaveLength(2);
});

test("the report says which waits of a person's routes are shortened", async () => {
	const content =
		"alertmanager: { config: { route: { routes: [{ group_interval: 30m }] } } }";
	const found = await readOverrides([{ name: "mine.yaml", content }]);
	expect(found).toContainEqual({
		value: "alertmanager.config.route.routes[0].group_interval=5s",
		reason: expect.stringContaining("judged as written"),
		replaces: "30m in mine.yaml",
	});
});

test("the report says what lets Alertmanager trust Slack's mock", async () => {
	const content =
		"alertmanager: { config: { global: { slack_app_token_file: /t } } }";
	const found = await readOverrides([{ name: "mine.yaml", content }]);
	expect(found).toContainEqual({
		value: "alertmanager.alertmanagerSpec.configMaps[0]=slack-mock-authority",
		reason: expect.stringContaining("lead to its mock"),
	});
});

test("the report says that volumes are mounted by one node", async () => {
	const content = "grafana: { persistence: { accessModes: [ReadWriteMany] } }";
	const found = await readOverrides([{ name: "mine.yaml", content }]);
	expect(found).toContainEqual({
		value: 'grafana.persistence.accessModes=["ReadWriteOnce"]',
		reason: expect.stringContaining("its stand-in to one"),
	});
});
