#!/usr/bin/env node
// Starts the program, which is in the package for this platform, and ends as it ends.
'use strict';

const { spawn } = require('node:child_process');
const { constants } = require('node:os');
const path = require('node:path');
const { isatty } = require('node:tty');
const { homepage, optionalDependencies: packages } = require('./package.json');

function fail(message) {
  process.stderr.write(`clerk-mcp: ${message}\n`);
  process.exit(1);
}

function find() {
  const name = Object.keys(packages).find((name) => name.endsWith(`/${process.platform}-${process.arch}`));
  if (!name) {
    const platforms = Object.keys(packages).map((name) => name.split('/')[1]);
    fail(
      `there is no program for ${process.platform}-${process.arch}, only for ${platforms.join(', ')}. ` +
        `Build it from source: ${homepage}`,
    );
  }
  try {
    return require.resolve(`${name}/bin/${process.platform === 'win32' ? 'clerk-mcp.exe' : 'clerk-mcp'}`);
  } catch {
    return fail(
      `the package ${name}, which has the program for this platform, is not installed. Install clerk-mcp again on this ` +
        'machine, with optional dependencies (npm: without --omit=optional, with --include=optional).',
    );
  }
}

function start(program) {
  const env = { ...process.env };
  // So that `clerk-mcp init` tells clients to start it in the same way: the cache of npx does not last.
  if (__dirname.split(path.sep).includes('_npx')) env.CLERK_MCP_LAUNCHER = 'npx';
  const child = spawn(program, process.argv.slice(2), { stdio: 'inherit', env });
  child.on('error', (error) => fail(`${program} does not start: ${error.message}. Install clerk-mcp again.`));
  for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM']) {
    // A terminal sends these to both by itself, and a second one would break off what is in flight.
    const sentToBoth = signal !== 'SIGTERM' && isatty(0);
    process.on(signal, () => sentToBoth || child.kill(signal));
  }
  child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code));
}

start(find());
