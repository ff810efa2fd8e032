import type { Page } from "playwright-core";
import type { Credentials } from "../clients/grafana.ts";
import { budgets } from "../common/budgets.ts";
import { eventually, notYet } from "../common/eventually.ts";
import { secureCookiesIn } from "./secure-cookies.ts";

/** Where a browser finds Grafana. */
export interface PageAddress {
	/** By http, as nothing here adds TLS. */
	readonly address: string;
	/** Where a person finds it. */
	readonly rootUrl: string;
}

/**
 * Fills in Grafana's login form. Where Grafana is to be found by https, its cookies for https alone are kept, as a
 * person's browser would.
 *
 * @returns whether there were such cookies
 * @throws Error if there are, and Grafana is to be found by http: a browser drops them
 */
export async function logInOnPage(
	page: Page,
	{ address, rootUrl }: PageAddress,
	{ user, password }: Credentials,
): Promise<boolean> {
	await eventually(
		"a node's port leads to Grafana",
		budgets.page,
		async ({ left }) => {
			// Where people log in elsewhere, Grafana may lead there at once (auto_login), unless it is asked not to.
			const url = `${address}/login?disableAutoLogin=true`;
			// 0 would be no limit.
			await page.goto(url, { timeout: Math.max(1, left) });
		},
	);
	await page.locator('input[name="user"]').fill(user);
	await page.locator('input[name="password"]').fill(password);
	const [answer] = await Promise.all([
		page.waitForResponse(
			(each) =>
				each.request().method() === "POST" && isLogin(new URL(each.url())),
		),
		page.locator('button[type="submit"]').click(),
	]);
	const secure = secureCookiesIn(await answer.headersArray());
	if (secure.length > 0 && !rootUrl.startsWith("https:"))
		throw new Error(
			`nobody stays logged in: Grafana's cookies are for https only (cookie_secure), and its pages are at ${rootUrl} (root_url), where a browser drops them`,
		);
	if (secure.length > 0) {
		await page
			.context()
			.addCookies(secure.map((each) => ({ ...each, url: address })));
		await eventually(
			"the login holds, with the cookies for https",
			budgets.page,
			async ({ left }) => {
				await page.goto(`${address}/`, { timeout: Math.max(1, left) });
				if (isLogin(new URL(page.url())))
					return notYet("Grafana shows its login page again");
			},
		);
	}
	await page.waitForURL((url) => !isLogin(url));
	return secure.length > 0;
}

function isLogin({ pathname }: URL): boolean {
	return pathname.endsWith("/login");
}
