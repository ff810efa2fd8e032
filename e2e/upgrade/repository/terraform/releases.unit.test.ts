import { expect, test } from "vitest";
import { findDifferences } from "../differences.ts";
import { findOneRelease } from "../find-one-release.ts";
import { findReleases } from "../find-releases.ts";
import { makeTree } from "../git/make-tree.ts";

const name = "kube-prometheus-stack";
const url = "https://charts.example.org";

test("a helm_release of Terraform", () => {
	expect(
		findOneRelease({
			"stack/main.tf": `# The stack
resource "helm_release" "stack" {
  name       = "kps"
  namespace  = "monitoring"
  repository = "${url}"
  chart      = "${name}"
  version    = "80.0.0"
  values     = [file("./values.yaml")]
  set {
    name  = "b"
    value = "2"
  }
}
`,
			"stack/values.yaml": { a: 1, b: 1 },
		}),
	).toMatchObject({
		deployer: "Terraform",
		name: "kps",
		namespace: "monitoring",
		chart: { name, version: "80.0.0", source: url },
		all: { a: 1, b: 2 },
		place: { file: "stack/main.tf", line: 2 },
	});
});

const reference = (name: string) => ["${", name, "}"].join("");
const release = (more: string) => `resource "helm_release" "stack" {
  name       = "kps"
  repository = "${url}"
  chart      = "${name}"
${more}
}
`;

test.each([
	[
		"a heredoc",
		"values = [<<-EOT\n    a: 1\n    b:\n      c: x#y\n  EOT\n  ]",
		{ a: 1, b: { c: "x#y" } },
	],
	[
		"a map",
		'values = [yamlencode({\n  a = 1 # one\n  "b.c" = [true, "x"], d = { e = var.own }\n})]',
		{ a: 1, "b.c": [true, "x"], d: { e: "own" } },
	],
	[
		"a local",
		"values = [local.values, jsonencode(local.more)]",
		{ a: "own", b: 2 },
	],
	[
		"a template of a file",
		`values = [templatefile("${reference("path.module")}/values.tftpl", { name = var.own })]`,
		{ a: "own" },
	],
	[
		"blocks and lists of settings",
		'set {\n  name = "a.b"\n  value = false\n}\nset_list {\n  name = "c"\n  value = ["x", "y"]\n}',
		{ a: { b: false }, c: ["x", "y"] },
	],
	[
		"settings as a list, in the order of the provider",
		'set = [\n  { name = "a", value = "1", type = "string" },\n  { name = "b", value = 2 },\n]',
		{ a: "1", b: 2 },
	],
])("values are %s", (_, more, all) => {
	const found = findOneRelease({
		"stack/main.tf": release(more),
		"stack/more.tf": `variable "own" {
  type    = string
  default = "own"
}
locals {
  values = "a: ${reference("var.own")}"
  more   = { b = 2 }
}
`,
		"stack/values.tftpl": `a: ${reference("name")}\n`,
	});
	expect(found).toMatchObject({ all: expect.anything(), unknown: [] });
	expect(found.all).toEqual(all);
});

const versioned = (own: string, files: Record<string, string> = {}) =>
	findReleases(
		makeTree({
			"stack/main.tf": `${release("  version = var.v")}
variable "v" {
  default = "${own}"
}
`,
			...files,
		}),
	).map(({ chart }) => chart.version);

test("the version is a variable's default, what tfvars set, or what a module passes", () => {
	expect(versioned("80.0.0")).toEqual(["80.0.0"]);
	expect(
		versioned("80.0.0", { "stack/terraform.tfvars": 'v = "81.0.0"\n' }),
	).toEqual(["81.0.0"]);
	const module = `module "stack" {
  source = "./stack"
  v      = local.versions.stack
}
locals {
  versions = { stack = "82.0.0" }
}
`;
	expect(versioned("80.0.0", { "main.tf": module })).toEqual(["82.0.0"]);
});

test("what is not known has a placeholder, and is compared", () => {
	const read = (condition: string) => {
		const tree = makeTree({
			"main.tf": release(`  version = "80.0.0"
  values = [yamlencode({
    password = random_password.grafana.result
    size     = ${condition} ? 1 : 2
  })]
  dynamic "set" {
    for_each = var.settings
  }`),
		});
		return { tree, releases: findReleases(tree) };
	};
	const [found] = read("var.big").releases;
	expect(found?.values.map(({ content }) => content)).toEqual([
		"password: placeholder-random-password-grafana-result\nsize: placeholder-var-big-1-2\n",
	]);
	expect(found?.unknown).toEqual([
		"random_password.grafana.result of main.tf is not known: placeholder-random-password-grafana-result stands for it",
		"var.big ? 1 : 2 of main.tf is not known: placeholder-var-big-1-2 stands for it",
		"dynamic set of main.tf is left out",
	]);
	expect(findDifferences(read("var.big"), read("var.big"))).toEqual([]);
	expect(findDifferences(read("var.big"), read("!var.big"))).toHaveLength(1);
});
