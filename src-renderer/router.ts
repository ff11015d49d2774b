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
    {
      path: '/runs/compare',
      name: 'runs-overlay',
      component: () => import('./features/runs/OverlayPage.vue'),
      // "1,2": what is not a number names no run.
      props: ({ query }) => ({
        ids: String(query.runs ?? '')
          .split(',')
          .map(Number)
          .filter(Boolean),
      }),
    },
    { path: '/compare', name: 'compare', component: () => import('./features/compare/ComparePage.vue') },
    {
      path: '/compare/:comparison(\\d+)',
      name: 'comparison',
      component: () => import('./features/compare/ComparisonPage.vue'),
      props: ({ params }) => ({ id: Number(params.comparison) }),
    },
    {
      path: '/analysis',
      name: 'analysis',
      component: () => import('./features/analysis/AnalysisPage.vue'),
    },
    {
      path: '/analysis/new/:kind',
      name: 'experiment-settings',
      component: () => import('./features/analysis/SettingsPage.vue'),
      props: ({ params }) => ({ kind: String(params.kind) }),
    },
    {
      path: '/analysis/:experiment(\\d+)',
      name: 'experiment',
      component: () => import('./features/analysis/ExperimentPage.vue'),
      props: ({ params }) => ({ id: Number(params.experiment) }),
    },
    { path: '/settings', name: 'settings', component: () => import('./features/settings/SettingsPage.vue') },
    { path: '/:other(.*)', redirect: '/' },
  ],
});
