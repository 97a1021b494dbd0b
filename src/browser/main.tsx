/**
 * The app: puts itself in the place of what index.html shows meanwhile.
 */
import './frame.css';
import './style.css';
import { render } from 'preact';
import { App } from './app.js';

const root = document.querySelector('#app');
if (root !== null) {
  root.replaceChildren();
  render(<App />, root);
}
