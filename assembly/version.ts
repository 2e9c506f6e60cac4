/** Version of the plugin; the build checks that package.json says the same. */
export const VERSION: string = "0.1.0";
