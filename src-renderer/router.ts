/** The screens and their addresses. */
import { createRouter, createWebHashHistory } from 'vue-router';

export const router = createRouter({
  // The part after # never reaches a server, so every address works in the window and in the browser.
  history: createWebHashHistory(),
  routes: [
    { path: '/', name: 'home', component: () => import('./features/home/HomePage.vue') },
    { path: '/models', name: 'models', component: () => import('./features/models/ModelsPage.vue') },
    { path: '/texts', name: 'texts', component: () => import('./features/texts/TextsPage.vue') },
    { path: '/hyperfit', name: 'hyperfit', component: () => import('./features/hyperfit/HyperfitPage.vue') },
    { path: '/runs', name: 'runs', component: () => import('./features/runs/RunsPage.vue') },
    {
      path: '/runs/:run(\\d+)',
      name: 'run',
      component: () => import('./features/runs/RunPage.vue'),
      props: ({ params }) => ({ id: Number(params.run) }),
    },
    { path: '/compare', name: 'compare', component: () => import('./features/compare/ComparePage.vue') },
    { path: '/:other(.*)', redirect: '/' },
  ],
});
