import { expect, test } from 'vitest';
import { gateTitle } from '../../src/core/report.ts';

test.each([
  [{ number: 'D138', name: 'site-parity-maintenance-order' }, 'D138 site-parity-maintenance-order'],
  [{ number: 'every-vm-has-a-backup', name: 'every-vm-has-a-backup' }, 'every-vm-has-a-backup'],
  [{ number: 'D7', name: '' }, 'D7'],
])('a gate is named once: %j', (gate, title) => expect(gateTitle(gate)).toBe(title));
