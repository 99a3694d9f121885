// tree-sitter's runtime, loaded at run time: what Hearth needs of its ABI (0.25), and one walk over a tree.
#ifndef CTREESITTER_H
#define CTREESITTER_H

#include <stdbool.h>
#include <stdint.h>

/// A loaded runtime. Never unloaded.
typedef struct cts_runtime cts_runtime;
/// A grammar, as its library hands it out.
typedef struct cts_language cts_language;
/// A parsed tree.
typedef struct cts_tree cts_tree;
/// A walk over a tree.
typedef struct cts_cursor cts_cursor;

/// Loads libtree-sitter from `path`. NULL with `message` (of `capacity` bytes) filled if it cannot.
cts_runtime *cts_runtime_load(const char *path, char *message, int capacity);
/// Loads `tree_sitter_<name>` from the library at `path`; NULL if it is not there or its ABI is not the runtime's.
const cts_language *cts_language_load(cts_runtime *runtime, const char *path, const char *name);
uint32_t cts_language_abi(cts_runtime *runtime, const cts_language *language);

/// Parses. NULL if the time is over or the language is refused.
cts_tree *cts_parse(cts_runtime *runtime, const cts_language *language, const char *source, uint32_t length,
                    uint64_t timeout_microseconds);
void cts_tree_destroy(cts_runtime *runtime, cts_tree *tree);

/// A walk that begins at the root.
cts_cursor *cts_cursor_create(cts_runtime *runtime, cts_tree *tree);
void cts_cursor_destroy(cts_cursor *cursor);
bool cts_cursor_first_child(cts_cursor *cursor);
bool cts_cursor_next_sibling(cts_cursor *cursor);
bool cts_cursor_parent(cts_cursor *cursor);

/// What the cursor stands on. The strings belong to the grammar.
typedef struct {
    const char *kind;
    const char *field;
    uint32_t start, end;
    bool is_named, has_error, is_error;
} cts_node;
cts_node cts_cursor_node(cts_cursor *cursor);

#endif
