/** Before the tests of the whole app: what they run is built from the sources of now. */
export { buildApp as default } from '../../src-main/server/desktop-app.ts';
