/** Colours in light and dark. Text on its ground has a contrast of 4.5:1 or more; no state is told by colour alone. */
export const THEME = `
:root {
  color-scheme: light dark;
  --ground: #f5f6f8; --surface: #fff; --ink: #1a1e24; --dim: #57606a; --line: #dfe3e8; --control: #848d97;
  --link: #0a53be; --focus: #b35900; --accent: #d98e04; --chosen: #e8eefc; --quote: #f1f3f6;
  --new-text: #a40e19; --new-solid: #c1121f;
  --pass-back: #e0f5e7; --pass-text: #0f5c2b; --pass-edge: #b6e2c5;
  --fail-back: #fff1cf; --fail-text: #6f4500; --fail-edge: #f0d48c;
  --new-back: #c1121f; --news-text: #fff; --new-edge: #a40e19;
  --blind-back: #eee5ff; --blind-text: #55289b; --blind-edge: #d6c2fa;
  --skip-back: #e9ecef; --skip-text: #4a525b; --skip-edge: #d3d8de;
  --error-back: #3b0b10; --error-text: #ffdfe0; --error-edge: #3b0b10;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0e1116; --surface: #161a21; --ink: #e6e9ee; --dim: #9ca6b3; --line: #2a313b; --control: #6b7684;
    --link: #8ab8ff; --focus: #ffb45c; --accent: #f5b301; --chosen: #1f2a3d; --quote: #0e1218;
    --new-text: #ff9ba0; --new-solid: #d3323d;
    --pass-back: #11301e; --pass-text: #86e0a5; --pass-edge: #1e4d31;
    --fail-back: #3a2b07; --fail-text: #f3c86d; --fail-edge: #5c4713;
    --new-back: #b81f2a; --news-text: #fff; --new-edge: #d3323d;
    --blind-back: #2b1e47; --blind-text: #cfb4ff; --blind-edge: #463270;
    --skip-back: #232931; --skip-text: #a3adb9; --skip-edge: #333b46;
    --error-back: #4d1016; --error-text: #ffd9db; --error-edge: #7d1f29;
  }
}
.s-pass { --back: var(--pass-back); --text: var(--pass-text); --edge: var(--pass-edge) }
.s-fail { --back: var(--fail-back); --text: var(--fail-text); --edge: var(--fail-edge) }
.s-new { --back: var(--new-back); --text: var(--news-text); --edge: var(--new-edge) }
.s-blind, .s-crashed, .s-incomplete { --back: var(--blind-back); --text: var(--blind-text); --edge: var(--blind-edge) }
.s-skip, .s-none, .s-provisional { --back: var(--skip-back); --text: var(--skip-text); --edge: var(--skip-edge) }
.s-error { --back: var(--error-back); --text: var(--error-text); --edge: var(--error-edge) }
`;
