import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { connected } from './lab/lab.ts';
import { router } from './router.ts';
import { useLibrary } from './stores/library.ts';
import './style.css';

const app = createApp(App).use(createPinia()).use(router);
await connected();
await useLibrary().refresh();
app.mount('#app');
