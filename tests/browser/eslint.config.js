import js from "@eslint/js";

export default [
  // Files of others, as they were published.
  { ignores: ["**/assets/vendor/**"] },
  js.configs.recommended,
  {
    rules: {
      // What is defined and what is used, tsc knows better.
      "no-undef": "off",
      "no-unused-vars": "off",
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-console": ["error", { allow: ["warn", "error"] }],
      "consistent-return": "off",
      "object-shorthand": "error",
      "prefer-template": "error",
    },
  },
];
