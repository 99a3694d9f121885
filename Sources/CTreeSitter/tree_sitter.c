#include "CTreeSitter.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

// Layouts of tree-sitter's api.h, version 0.25.
typedef struct { uint32_t context[4]; const void *id; const void *tree; } TSNode;
typedef struct { const void *tree; const void *id; uint32_t context[3]; } TSTreeCursor;
typedef struct TSParser TSParser;

struct cts_runtime {
    TSParser *(*parser_new)(void);
    void (*parser_delete)(TSParser *);
    bool (*parser_set_language)(TSParser *, const cts_language *);
    void (*parser_set_timeout)(TSParser *, uint64_t);
    cts_tree *(*parser_parse)(TSParser *, const cts_tree *, const char *, uint32_t);
    void (*tree_delete)(cts_tree *);
    TSNode (*tree_root)(const cts_tree *);
    const char *(*node_type)(TSNode);
    uint32_t (*node_start)(TSNode);
    uint32_t (*node_end)(TSNode);
    bool (*node_is_named)(TSNode);
    bool (*node_has_error)(TSNode);
    bool (*node_is_error)(TSNode);
    TSTreeCursor (*cursor_new)(TSNode);
    void (*cursor_delete)(TSTreeCursor *);
    bool (*cursor_first_child)(TSTreeCursor *);
    bool (*cursor_next_sibling)(TSTreeCursor *);
    bool (*cursor_parent)(TSTreeCursor *);
    TSNode (*cursor_node)(const TSTreeCursor *);
    const char *(*cursor_field)(const TSTreeCursor *);
    uint32_t (*language_abi)(const cts_language *);
};

struct cts_cursor {
    cts_runtime *runtime;
    TSTreeCursor cursor;
};

cts_runtime *cts_runtime_load(const char *path, char *message, int capacity) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        snprintf(message, (size_t)capacity, "%s", dlerror());
        return NULL;
    }
    cts_runtime *runtime = calloc(1, sizeof *runtime);
    if (!runtime) return NULL;
    struct { const char *name; void *target; } symbols[] = {
        {"ts_parser_new", &runtime->parser_new},
        {"ts_parser_delete", &runtime->parser_delete},
        {"ts_parser_set_language", &runtime->parser_set_language},
        {"ts_parser_set_timeout_micros", &runtime->parser_set_timeout},
        {"ts_parser_parse_string", &runtime->parser_parse},
        {"ts_tree_delete", &runtime->tree_delete},
        {"ts_tree_root_node", &runtime->tree_root},
        {"ts_node_type", &runtime->node_type},
        {"ts_node_start_byte", &runtime->node_start},
        {"ts_node_end_byte", &runtime->node_end},
        {"ts_node_is_named", &runtime->node_is_named},
        {"ts_node_has_error", &runtime->node_has_error},
        {"ts_node_is_error", &runtime->node_is_error},
        {"ts_tree_cursor_new", &runtime->cursor_new},
        {"ts_tree_cursor_delete", &runtime->cursor_delete},
        {"ts_tree_cursor_goto_first_child", &runtime->cursor_first_child},
        {"ts_tree_cursor_goto_next_sibling", &runtime->cursor_next_sibling},
        {"ts_tree_cursor_goto_parent", &runtime->cursor_parent},
        {"ts_tree_cursor_current_node", &runtime->cursor_node},
        {"ts_tree_cursor_current_field_name", &runtime->cursor_field},
        {"ts_language_version", &runtime->language_abi},
    };
    for (unsigned long i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        void *address = dlsym(library, symbols[i].name);
        if (!address) {
            snprintf(message, (size_t)capacity, "%s lacks %s", path, symbols[i].name);
            free(runtime);
            return NULL;
        }
        *(void **)symbols[i].target = address;
    }
    return runtime;
}

const cts_language *cts_language_load(cts_runtime *runtime, const char *path, const char *name) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) return NULL;
    char symbol[128];
    snprintf(symbol, sizeof symbol, "tree_sitter_%s", name);
    const cts_language *(*make)(void);
    *(void **)&make = dlsym(library, symbol);
    if (!make) return NULL;
    const cts_language *language = make();
    TSParser *parser = runtime->parser_new();
    bool fits = language && runtime->parser_set_language(parser, language);
    runtime->parser_delete(parser);
    return fits ? language : NULL;
}

uint32_t cts_language_abi(cts_runtime *runtime, const cts_language *language) {
    return runtime->language_abi(language);
}

cts_tree *cts_parse(cts_runtime *runtime, const cts_language *language, const char *source, uint32_t length,
                    uint64_t timeout_microseconds) {
    TSParser *parser = runtime->parser_new();
    cts_tree *tree = NULL;
    if (runtime->parser_set_language(parser, language)) {
        runtime->parser_set_timeout(parser, timeout_microseconds);
        tree = runtime->parser_parse(parser, NULL, source, length);
    }
    runtime->parser_delete(parser);
    return tree;
}

void cts_tree_destroy(cts_runtime *runtime, cts_tree *tree) { runtime->tree_delete(tree); }

cts_cursor *cts_cursor_create(cts_runtime *runtime, cts_tree *tree) {
    cts_cursor *cursor = malloc(sizeof *cursor);
    if (!cursor) return NULL;
    cursor->runtime = runtime;
    cursor->cursor = runtime->cursor_new(runtime->tree_root(tree));
    return cursor;
}

void cts_cursor_destroy(cts_cursor *cursor) {
    cursor->runtime->cursor_delete(&cursor->cursor);
    free(cursor);
}

bool cts_cursor_first_child(cts_cursor *cursor) { return cursor->runtime->cursor_first_child(&cursor->cursor); }
bool cts_cursor_next_sibling(cts_cursor *cursor) { return cursor->runtime->cursor_next_sibling(&cursor->cursor); }
bool cts_cursor_parent(cts_cursor *cursor) { return cursor->runtime->cursor_parent(&cursor->cursor); }

cts_node cts_cursor_node(cts_cursor *cursor) {
    cts_runtime *runtime = cursor->runtime;
    TSNode node = runtime->cursor_node(&cursor->cursor);
    cts_node result = {
        .kind = runtime->node_type(node),
        .field = runtime->cursor_field(&cursor->cursor),
        .start = runtime->node_start(node),
        .end = runtime->node_end(node),
        .is_named = runtime->node_is_named(node),
        .has_error = runtime->node_has_error(node),
        .is_error = runtime->node_is_error(node),
    };
    return result;
}
