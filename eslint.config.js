import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import vue from 'eslint-plugin-vue'
import { defineConfig, globalIgnores } from 'eslint/config'
import globals from 'globals'
import ts from 'typescript-eslint'

// Import directions and circles are dependency-cruiser's (.dependency-cruiser.cjs), layout is prettier's, types are
// tsc's. The rules here need no type information, so that the whole repository is linted in seconds.
export default defineConfig(
  globalIgnores(['**/dist/', '**/data/', '**/test-results/', '**/playwright-report/', '**/components.d.ts']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  ts.configs.strict,
  ts.configs.stylistic,
  vue.configs['flat/recommended'],
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: {
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/block-order': ['error', { order: ['script', 'template', 'style'] }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/component-name-in-template-casing': 'error',
      'vue/define-macros-order': 'error',
      // Props are optional in TypeScript already; `undefined` is a fine default.
      'vue/require-default-prop': 'off',
      'vue/no-unused-refs': 'error',
      'vue/no-v-html': 'error',
    },
  },
  {
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'object-shorthand': 'error',
      // verbatimModuleSyntax keeps `import { type A }` as a bare import at run time: a phone would load zod for a type.
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      // `type` everywhere: one way to say it.
      '@typescript-eslint/consistent-type-definitions': 'off',
      // A function that does nothing, and a handler whose reply is nothing, are both honest things to say.
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      // noUncheckedIndexedAccess doubts every index; `!` is how code says that it has just made sure.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}', 'scripts/**', 'apps/server/**', 'packages/**', '**/*.config.ts'],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['apps/{admin,mobile}/src/**', 'packages/simulator/src/assets/**'],
    languageOptions: { globals: globals.browser },
  },
  // tsc knows which names exist in TypeScript, better than a list of globals does.
  { files: ['**/*.{ts,vue}'], rules: { 'no-undef': 'off' } },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  // Commands talk to a person, on the terminal.
  {
    files: ['scripts/**', 'packages/bench/**', 'packages/simulator/src/main.ts', '**/*.fixture.ts'],
    rules: { 'no-console': 'off' },
  },
  prettier,
)
