import { readdirSync } from 'node:fs';
import { defineConfig } from 'eslint/config';
import vue from 'eslint-plugin-vue';
import typescript from 'typescript-eslint';

/** What one side of a wall may not import, as options of no-restricted-imports; of several walls, each with its message. */
function wall(message, patterns, ...others) {
  return { 'no-restricted-imports': ['error', { patterns: [{ regex: patterns.join('|'), message }, ...others] }] };
}

const electron = '^electron(/|$)';
const addon = '\\.node$|/native/';
const main = '(^|/)main/';
const node = '^node:|^(fs|path|os|child_process|worker_threads|url|crypto|stream|events|util|zlib|http|https|net)(/|$)';

const windowWall = [
  'The window runs without Node: it imports core/, renderer/ and libraries for pages.',
  [electron, addon, main, node, '(^|/)preload/'],
];
const features = readdirSync(new URL('renderer/features', import.meta.url));
/** The project that every place works on is open to all of them. */
const closedFeatures = features.filter((name) => name !== 'project');

/** A place of the window knows of another one what its index.ts hands out. */
function featureWall(feature) {
  const others = closedFeatures.filter((name) => name !== feature);
  return {
    files: [`renderer/features/${feature}/**/*.ts`, `renderer/features/${feature}/**/*.vue`],
    rules: wall(...windowWall, {
      regex: `^(\\.\\./)+(${others.join('|')})/(?!index\\.ts$)`,
      message: 'Another feature is imported through its index.ts alone.',
    }),
  };
}

export default defineConfig(
  { ignores: ['out/', 'build/', 'test/baselines/'] },
  {
    extends: [...typescript.configs.strictTypeChecked, ...vue.configs['flat/essential']],
    files: ['**/*.ts', '**/*.vue'],
    languageOptions: {
      parserOptions: {
        parser: typescript.parser,
        project: ['./tsconfig.json', './renderer/tsconfig.json'],
        extraFileExtensions: ['.vue'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // An index whose bounds are known is written with "!": noUncheckedIndexedAccess leaves no shorter way.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ['core/**/*.ts'],
    rules: {
      ...wall('core/ is the domain alone: it imports core/ and zod.', [
        '^(?!zod$|\\.)',
        '^(\\.\\./)+(main|preload|renderer|native|test|setup)/',
      ]),
      'no-restricted-globals': ['error', 'process', 'Buffer', 'window', 'document', 'require'],
    },
  },
  {
    files: ['renderer/**/*.ts', 'renderer/**/*.vue'],
    rules: wall(...windowWall),
  },
  ...features.map(featureWall),
  {
    files: ['preload/**/*.ts'],
    rules: wall('The bridge imports core/ and electron alone.', ['^(?!electron$|\\.)', main, '(^|/)renderer/', addon]),
  },
  {
    files: ['main/**/*.ts'],
    ignores: ['main/electron/**'],
    rules: wall('Only main/electron/ imports electron: the command line and the server run without.', [
      electron,
      addon,
      '(^|/)(renderer|preload)/',
    ]),
  },
  {
    files: ['main/electron/**/*.ts'],
    rules: wall('The shell reaches the engine by main/, and the window by the bridge.', [
      addon,
      '(^|/)(renderer|preload)/',
    ]),
  },
  {
    // The addon's file is loaded by require or dlopen, which no rule about imports sees; so its path goes to one file.
    files: ['main/**/*.ts'],
    ignores: ['main/engine/load-addon.ts', 'main/paths.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "Identifier[name='addonFile'], MemberExpression[property.name='dlopen'], Literal[value=/\\.node$/]",
          message: 'main/engine/load-addon.ts alone loads the addon.',
        },
      ],
    },
  },
  {
    // Plain JavaScript for a Node without any packages.
    files: ['setup/**/*.mjs'],
    languageOptions: {
      globals: Object.fromEntries(
        ['AbortSignal', 'Buffer', 'URL', 'clearInterval', 'fetch', 'process', 'setInterval'].map((name) => [
          name,
          'readonly',
        ]),
      ),
    },
    rules: { 'no-undef': 'error', 'no-unused-vars': 'error' },
  },
);
