// The page's buttons and boxes. What they mean is decided in C#, see Program.cs.
import { askForToken, coordinatorRoot, pollMilliseconds, readToken, showIsolation } from './page.js';

const TASKS_SHOWN_MAX = 50;

const element = (id) => document.getElementById(id);
const page = document.querySelector('main');
let tellToken = () => {};

showIsolation();
try {
  // Imported here and not above, so that a failure to load it can be told.
  const { dotnet } = await import('./_framework/dotnet.js');
  const runtime = await dotnet
    .withApplicationArguments(coordinatorRoot(), String(pollMilliseconds()))
    .create();
  runtime.setModuleImports('page', { tellProblem, tellSighting, tellNeedsToken });
  const assembly = runtime.getConfig().mainAssemblyName;
  const { Form: form } = await runtime.getAssemblyExports(assembly);
  await runtime.runMain();
  tellToken = (token) => form.SetToken(token);
  tellToken(readToken());
  element('matrices').addEventListener('submit', (event) => {
    event.preventDefault();
    submit(form);
  });
  showState('ready', '');
} catch (error) {
  showState('broken', 'This page could not start. Reload it to try again.');
  throw error;
}

async function submit(form) {
  showState('submitting', 'Submitting…');
  const [a, b] = [element('matrix-a').value, element('matrix-b').value];
  const taskId = await form.Submit(a, b);
  showState('ready', '');
  if (taskId === 0) return;

  addTask(taskId, `${a.replace(/\s+/g, '')} × ${b.replace(/\s+/g, '')}`);
  await form.Follow(taskId);
}

function showState(state, text) {
  page.dataset.state = state;
  element('state').textContent = text;
  element('submit').disabled = state !== 'ready';
}

function tellNeedsToken() {
  askForToken('This coordinator takes tasks only from those with a token of the scope submit. Ask whoever runs it ' +
    'for one.', (token) => {
      tellToken(token);
      element('matrices').requestSubmit();
    });
}

function tellProblem(message, isInA, isInB) {
  element('problem').textContent = message;
  element('matrix-a').setAttribute('aria-invalid', String(isInA));
  element('matrix-b').setAttribute('aria-invalid', String(isInB));
}

function addTask(taskId, factors) {
  const task = element('task').content.firstElementChild.cloneNode(true);
  task.dataset.task = taskId;
  task.querySelector('.name').textContent = `Task ${taskId}`;
  task.querySelector('.factors').textContent = factors;

  const tasks = element('tasks');
  tasks.prepend(task);
  if (tasks.childElementCount > TASKS_SHOWN_MAX) tasks.lastElementChild.remove();
  element('tasks-empty').hidden = true;
  tellSighting(taskId, 'Submitted', 'Submitted', '');
}

function tellSighting(taskId, state, text, product) {
  const task = document.querySelector(`[data-task="${taskId}"]`);
  // A task that more recent ones have pushed off the page.
  if (task === null) return;

  task.dataset.state = state;
  task.querySelector('.status').textContent = text;
  task.querySelector('.product').textContent = product;
}
