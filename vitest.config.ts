import { defineConfig } from "vitest/config";

export default defineConfig({
	test: {
		projects: [
			{
				test: {
					name: "unit",
					include: ["{e2e,fixtures,scripts}/**/*.unit.test.ts"],
				},
			},
		],
	},
});
