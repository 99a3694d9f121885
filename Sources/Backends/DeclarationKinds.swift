import Hearth

/// What tree-sitter's grammars call the things that people ask about.
///
/// The grammars agree enough that endings and a few words cover all of them.
enum DeclarationKinds {
    private static let words = [
        "function", "method", "class", "struct", "enum", "interface", "trait", "impl", "protocol", "extension",
        "module",
        "namespace", "constructor", "init_declaration", "deinit", "subscript", "type_alias", "typealias",
        "type_declaration",
        "type_definition", "property_declaration", "record", "object_declaration", "companion", "mod_item", "macro",
        "const_item", "static_item", "union", "table", "create_", "rule_set", "section", "variable_declaration",
        "lexical_declaration", "const_declaration", "var_declaration", "protocol_function", "property_signature",
        "field_declaration", "decorated_definition", "actor", "package_object", "value_definition",
        "block_mapping_pair",
    ]
    private static let notDeclarations = [
        "call", "_type", "argument", "parameter", "expression", "body", "_list", "modifier", "literal", "import",
        "pattern",
        "function_value", "_clause", "identifier", "specifier_set", "macro_invocation", "type_parameters",
        "statement_list",
    ]
    private static let containers = ["class_specifier", "struct_specifier", "enum_specifier", "union_specifier"]

    /// Rust's `mod name;` declares nothing: it names a file.
    static func isReference(_ kind: String, ending last: UInt8?) -> Bool {
        kind == "mod_item" && last == UInt8(ascii: ";")
    }

    static func isDeclaration(_ kind: String) -> Bool {
        if containers.contains(kind) { return true }
        return words.contains(where: kind.contains) && !notDeclarations.contains(where: kind.contains)
    }

    /// What sort of declaration a node is.
    static func kind(of kind: String, signature: String) -> OutlineNode.Kind {
        let functions = ["function", "method", "constructor", "init_declaration", "deinit", "subscript", "macro_def"]
        if functions.contains(where: kind.contains) { return .function }
        if isVariable(kind) { return .value }
        if kind.contains("extension") || kind.contains("impl") { return .typeExtension }
        let types = [
            "class", "struct", "enum", "interface", "trait", "protocol", "union", "actor", "object", "record", "type",
            "module", "namespace", "mod_item",
        ]
        guard types.contains(where: kind.contains) else { return .other }
        // Swift's grammar calls extensions classes.
        return signature.split(separator: " ").contains("extension") ? .typeExtension : .type
    }

    /// What has variables or properties of its own: functions and types.
    static func holdsVariables(_ kind: String) -> Bool {
        [
            "function", "method", "constructor", "init_declaration", "closure", "lambda", "computed_property",
            "subscript",
            "class", "struct", "enum", "protocol", "interface", "trait", "impl", "object", "extension",
        ].contains(where: kind.contains)
    }

    static func isVariable(_ kind: String) -> Bool {
        [
            "property_declaration", "variable_declaration", "lexical_declaration", "const_declaration",
            "var_declaration",
            "value_definition", "field_declaration", "static_item", "const_item",
        ].contains(where: kind.contains)
    }

    /// Comments, attributes and decorators stand before what they speak of.
    static func isAttachedToNext(_ kind: String) -> Bool {
        kind.contains("comment") || kind == "attribute_item" || kind == "attribute" || kind == "decorator"
            || kind == "annotation" || kind == "marker_annotation" || kind == "template_parameter_list"
    }

    /// Nodes that only wrap one declaration.
    static func isWrapper(_ kind: String) -> Bool {
        kind.contains("export") || kind.contains("decorated") || kind.contains("template_declaration")
            || kind.contains("declaration_list") || kind == "declaration" || kind == "ambient_declaration"
            || kind == "type_declaration" || kind == "expression_statement" || kind.hasSuffix("_spec")
    }

    static func isIdentifier(_ kind: String) -> Bool {
        kind.hasSuffix("identifier") || kind == "name" || kind == "constant" || kind == "word" || kind == "variable"
    }
}
