// Coordinators of the tests' own, and fronts that answer wrongly.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../../', import.meta.url));
const binary = process.env.WEFT_BINARY || join(root, 'dist/weft');

async function listen(onConnection = () => {}) {
  const server = net.createServer(onConnection).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: server.address().port };
}

export async function freePort() {
  const { server, port } = await listen();
  await new Promise(resolve => server.close(resolve));
  return port;
}

export class Coordinator {
  static async start(...options) {
    const coordinator = new Coordinator();
    coordinator.folder = mkdtempSync(join(tmpdir(), 'weft-js-'));
    coordinator.port = await freePort();
    coordinator.options = options;
    coordinator.url = `http://127.0.0.1:${coordinator.port}`;
    await coordinator.start();
    return coordinator;
  }

  async start() {
    this.output = '';
    const words = ['serve', '--port', this.port, '--data', join(this.folder, 'data'), ...this.options];
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('WEFT_')));
    this.process = spawn(binary, words, { cwd: this.folder, env });
    for (const stream of [this.process.stdout, this.process.stderr]) stream.on('data', data => (this.output += data));
    for (const end = Date.now() + 60_000; ;) {
      if (await fetch(`${this.url}/health`).then(answer => answer.ok, () => false)) return;
      if (this.process.exitCode !== null || Date.now() > end) throw new Error(this.output);
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  }

  async kill() {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill('SIGKILL');
    await once(this.process, 'exit');
  }

  async close() {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  command(...words) {
    return new Promise((resolve, reject) => {
      const child = spawn(binary, words, { stdio: ['ignore', 'pipe', 'inherit'] });
      let output = '';
      child.stdout.on('data', data => (output += data));
      child.on('exit', code => (code === 0 ? resolve(output.trim()) : reject(new Error(`exit code ${code}`))));
    });
  }
}

/** Answers in a coordinator's place, always the same bytes. */
export async function front(test, answer) {
  const open = new Set();
  const { server, port } = await listen(socket => {
    open.add(socket);
    socket.on('error', () => {}).once('data', () => setTimeout(() => socket.end(answer), 5));
  });
  test.after(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${port}`;
}

export const page = (status, body = '<html>default backend</html>', type = 'text/html', missing = 0, more = '') =>
  `HTTP/1.1 ${status} Front\r\nContent-Type: ${type}\r\nContent-Length: ${body.length + missing}\r\n` +
  `Connection: close\r\n${more}\r\n${body}`;
