/** The page begins: once the lab is there and has told its models and texts, so that no screen shows an empty list first. */
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { followRoute } from './frame/follow-route.ts';
import { refuseStrayDrops } from './frame/stray-drops.ts';
import { followCommands } from './lab/follow-commands.ts';
import { connected } from './lab/lab.ts';
import { router } from './router.ts';
import { useLibrary } from './stores/library.ts';
import { useSettings } from './stores/settings.ts';
import './style.css';

followRoute(router);
refuseStrayDrops();
const app = createApp(App).use(createPinia()).use(router);
// The theme is on the page before anything is seen.
useSettings();
await connected();
await useLibrary().load();
app.mount('#app');
followCommands(router);
