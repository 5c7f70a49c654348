/// A drawing as a flowchart of Mermaid, which READMEs can hold, data flowing downwards.
struct MermaidText {
    /// Renderers refuse more (https://mermaid.js.org/config/schema-docs/config.html), and pages
    /// that hold a chart cannot raise these.
    static let edgeLimit = 500
    static let characterLimit = 50_000

    let drawing: Drawing
    let direction: String

    /// The chart, scopes collapsed as far as the limits ask for.
    ///
    /// - Throws: `ExportError` of kind `.tooLarge` where that is not enough.
    static func fitting(_ drawing: Drawing, direction: String) throws(ExportError) -> String {
        var smallest = MermaidText(drawing: drawing, direction: direction)
        for depth in (0...drawing.depth).reversed() {
            if depth < drawing.depth {
                smallest = MermaidText(
                    drawing: drawing.collapsed(to: depth), direction: direction)
            }
            // The text is made only where it can fit.
            if smallest.drawing.edges.count > edgeLimit { continue }
            let text = smallest.text
            if text.utf16.count <= characterLimit { return text }
        }
        let (nodes, edges) = (smallest.drawing.nodes.count, smallest.drawing.edges.count)
        throw ExportError(
            .tooLarge,
            problem: "a Mermaid chart of \(nodes) nodes and \(edges) edges is more than renderers "
                + "take (\(edgeLimit) edges, \(characterLimit) characters)"
                + (drawing.depth > 0 ? ", even with every module as one box" : ""),
            advice: "write SVG, HTML or DOT, or draw the graph of a smaller part")
    }

    var text: String {
        var lines = ["flowchart \(direction == "LR" ? "LR" : "TD")"]
        lines += boxes()
        for edge in drawing.edges {
            let label = [edge.label, edge.gradient?.text].compactMap { $0 }
                .joined(separator: "\n")
            let arrow = edge.isCut ? "-.->" : "-->"
            lines.append(
                "  \(drawing.nodes[edge.from].plainID) \(arrow)"
                    + (label.isEmpty ? "" : "|\(quoted(label))|")
                    + " \(drawing.nodes[edge.to].plainID)")
        }
        for family in Drawing.Family.allCases {
            let ids = drawing.nodes.filter { $0.family == family }.map(\.plainID)
            if ids.isEmpty { continue }
            let ink = Palette.light(family)
            lines.append(
                "  classDef \(family.rawValue) fill:\(ink.fill),stroke:\(ink.line),color:#111111")
            lines.append("  class \(ids.joined(separator: ",")) \(family.rawValue)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The nodes, those of a scope within its subgraph; scopes nest.
    private func boxes() -> [String] {
        var lines: [String] = []
        var open: [Int] = []
        let paths = drawing.nodes.map { drawing.path(of: $0.scope) }
        let order = drawing.nodes.indices.sorted {
            paths[$0].lexicographicallyPrecedes(paths[$1]) || paths[$0] == paths[$1] && $0 < $1
        }
        for i in order {
            while !paths[i].starts(with: open) {
                open.removeLast()
                lines.append("\(indent(open.count))end")
            }
            for scope in paths[i][open.count...] {
                let name = drawing.scopes[scope].name
                lines.append(
                    "\(indent(open.count))subgraph \(drawing.scopes[scope].id)[\(quoted(name))]")
                open.append(scope)
            }
            lines.append(indent(open.count) + box(drawing.nodes[i]))
        }
        for depth in (0..<open.count).reversed() { lines.append("\(indent(depth))end") }
        return lines
    }

    private func indent(_ depth: Int) -> String { String(repeating: "  ", count: depth + 1) }

    private func box(_ node: Drawing.Node) -> String {
        let label = quoted(([node.title] + node.details).joined(separator: "\n"))
        return switch node.kind {
        case .operation: "\(node.plainID)[\(label)]"
        case .leaf, .buffer: "\(node.plainID)([\(label)])"
        case .parameter: "\(node.plainID)[(\(label))]"
        case .constant: "\(node.plainID)(\(label))"
        case .scope: "\(node.plainID)[[\(label)]]"
        }
    }

    private func quoted(_ text: String) -> String { Self.quoted(text) }

    /// A label. Mermaid's entities begin with `#`; a backtick would begin Markdown.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "#quot;"
            case "#": result += "#35;"
            case "&": result += "#amp;"
            case "<": result += "#lt;"
            case ">": result += "#gt;"
            case "`": result += "#96;"
            case "\\": result += "#92;"
            case "\n": result += "<br/>"
            case _ where scalar.properties.generalCategory == .control: result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
