/// A drawing in the language of Graphviz, data flowing downwards.
struct DOTText {
    let drawing: Drawing
    /// Edges over more layers than this are cut into a pair of chips, since Graphviz does not
    /// finish on graphs with many long edges; 0 keeps all edges whole.
    let cut: Int
    let direction: String

    var text: String {
        var lines = [
            "digraph trace {", "  rankdir=\(direction);",
            "  graph [fontname=\"Helvetica\", fontsize=11, ranksep=0.35, nodesep=0.25];",
            "  node [shape=box, fontname=\"Helvetica\", fontsize=11, style=filled, "
                + "fillcolor=white, margin=\"0.12,0.06\"];",
            "  edge [fontname=\"Helvetica\", fontsize=9, arrowsize=0.6];",
        ]
        let title = [drawing.title, drawing.moment].filter { !$0.isEmpty }
        if !title.isEmpty {
            lines.append("  labelloc=t; label=\(quoted(title.joined(separator: "\n")));")
        }
        lines += boxes()
        let ranks = cut > 0 ? drawing.ranks() : []
        var chips = 0
        for edge in drawing.edges {
            let (from, to) = (drawing.nodes[edge.from], drawing.nodes[edge.to])
            guard cut > 0, ranks[edge.to] - ranks[edge.from] > cut else {
                lines.append("  \(from.plainID) -> \(to.plainID)\(attributes(edge));")
                continue
            }
            let chip = "shape=cds, fontsize=9, height=0.2, fillcolor=\"#eeeeee\""
            lines.append("  k\(chips) [label=\(quoted("to \(to.title) (\(to.id))")), \(chip)];")
            lines.append(
                "  k\(chips + 1) [label=\(quoted("\(from.title) (\(from.id))")), \(chip)];")
            lines.append("  \(from.plainID) -> k\(chips) [style=dotted];")
            lines.append("  k\(chips + 1) -> \(to.plainID)\(attributes(edge));")
            chips += 2
        }
        return (lines + ["}", ""]).joined(separator: "\n")
    }

    /// The nodes, those of a scope within its cluster; scopes nest.
    private func boxes() -> [String] {
        var lines: [String] = []
        var open: [Int] = []
        let paths = drawing.nodes.map { drawing.path(of: $0.scope) }
        // Nodes of one scope must stand together, since a cluster can be opened only once.
        let order = drawing.nodes.indices.sorted {
            paths[$0].lexicographicallyPrecedes(paths[$1]) || paths[$0] == paths[$1] && $0 < $1
        }
        for i in order {
            let path = paths[i]
            while !path.starts(with: open) {
                open.removeLast()
                lines.append("\(indent(open.count))}")
            }
            for scope in path[open.count...] {
                let scope = drawing.scopes[scope]
                lines.append("\(indent(open.count))subgraph cluster_\(scope.id) {")
                open.append(path[open.count])
                lines.append(
                    "\(indent(open.count))label=\(quoted(scope.name)); style=rounded; "
                        + "color=\"#999999\";")
            }
            lines.append(indent(open.count) + box(drawing.nodes[i]))
        }
        for depth in (0..<open.count).reversed() { lines.append("\(indent(depth))}") }
        return lines
    }

    private func indent(_ depth: Int) -> String { String(repeating: "  ", count: depth + 1) }

    private func box(_ node: Drawing.Node) -> String {
        let label = ([node.title] + node.details).joined(separator: "\n")
        var attributes = ["label=\(quoted(label))"]
        switch node.kind {
        case .operation: break
        case .leaf, .buffer: attributes.append("shape=ellipse")
        case .parameter: attributes.append("shape=ellipse, peripheries=2")
        case .constant: attributes.append("shape=plaintext")
        case .scope: attributes.append("shape=box3d")
        }
        if node.isInPlace { attributes.append("peripheries=2") }
        if node.isView { attributes.append("style=\"filled,dotted\"") }
        attributes.append("fillcolor=\"\(Palette.light(node.family).fill)\"")
        if node.isCurrent { attributes.append("penwidth=3") }
        return "\(node.plainID) [\(attributes.joined(separator: ", "))];"
    }

    private func attributes(_ edge: Drawing.Edge) -> String {
        var attributes: [String] = []
        let label = [edge.label, edge.gradient?.text].compactMap { $0 }
        if !label.isEmpty { attributes.append("label=\(quoted(label.joined(separator: "\n")))") }
        if edge.isCut { attributes.append("style=dashed, color=\"#888888\"") }
        return attributes.isEmpty ? "" : " [\(attributes.joined(separator: ", "))]"
    }

    /// A string of the language. Graphviz reads entities in labels, so that `&` is one too.
    private func quoted(_ text: String) -> String { Self.quoted(text) }

    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "&": result += "&amp;"
            case _ where scalar.properties.generalCategory == .control: result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
