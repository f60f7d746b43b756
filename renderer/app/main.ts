import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import './styles/colours.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/menus.css';

createApp(App).use(createPinia()).mount('#app');
