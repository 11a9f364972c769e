"""The form engine: versioned documents, one evaluator, no Django."""
