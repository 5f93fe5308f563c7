import gate from '../../../src/gates/basics/relative-links-resolve.ts';
import { nearMisses } from '../../parity/near-misses.ts';

const SITE = { 'mkdocs.yml': '', 'docs/images/a.png': '', 'docs/b.md': '' };

export default nearMisses(gate, {
  pass: [
    {
      title: 'underscores that an editor has escaped',
      files: { 'a.md': '[a](./how\\_to.md)', 'how_to.md': '' },
    },
    {
      title: 'a picture, from where a site serves the page',
      files: { ...SITE, 'docs/a.md': '![screen](../images/a.png)\n' },
    },
  ],
  fail: [
    {
      title: 'a picture in a tag',
      files: { 'a.md': '<p align="center">\n  <img width="80" src="docs/gone.png">\n</p>' },
      finds: ['link-target-exists a.md to docs/gone.png'],
    },
    {
      title: 'a page, which a site generator looks for from the file',
      files: { ...SITE, 'docs/a.md': '[next](../b.md)\n' },
      finds: ['link-target-exists docs/a.md to b.md'],
    },
    {
      title: 'a picture where no site is made',
      files: { 'docs/images/a.png': '', 'docs/a.md': '![screen](../images/a.png)\n' },
      finds: ['link-target-exists docs/a.md to images/a.png'],
    },
  ],
});
