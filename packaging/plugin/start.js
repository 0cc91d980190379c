#!/usr/bin/env node
// Starts the server by npx. On Windows that is a script, which not every client can start; node is a program everywhere.
'use strict';

const { spawn } = require('node:child_process');
const { constants } = require('node:os');
const { version } = require('./plugin.json');

function fail(message) {
  process.stderr.write(`clerk-mcp: ${message}\n`);
  process.exit(1);
}

const npx = process.platform === 'win32' ? ['cmd', '/d', '/c', 'npx'] : ['npx'];
const [command, ...given] = [...npx, '-y', `clerk-mcp@${version}`, ...process.argv.slice(2)];
const child = spawn(command, given, { stdio: 'inherit' });
child.on('error', (error) => fail(`npx does not start: ${error.message}. Install Node.js with npm.`));
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code));
