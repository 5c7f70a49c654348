extension Graph {
    /// The graph as a tree, the newest operation first, each node once. A chain runs straight
    /// down; only branches are indented.
    ///
    /// - Parameter limit: At most so many nodes; the rest is counted.
    public func text(limit: Int = 1000) -> String {
        if nodes.isEmpty { return "(no graph: nothing was recorded)" }
        let limit = Swift.max(limit, 0)
        var lines: [String] = []
        var printed: Set<Int> = []
        var stack: [(id: Int, lead: String, next: String)] = [(0, "", "")]
        while let (id, lead, next) = stack.popLast() {
            if lines.count == limit {
                lines.append("… \(nodes.count - printed.count) more nodes")
                break
            }
            if !printed.insert(id).inserted {
                lines.append("\(lead)#\(id) \(nodes[id].name), above")
                continue
            }
            lines.append("\(lead)#\(id) \(describe(nodes[id]))")
            let inputs = nodes[id].inputs.compactMap { $0?.node }
            if inputs.count == 1 {
                stack.append((inputs[0], next, next))
                continue
            }
            for (i, input) in inputs.enumerated().reversed() {
                let isLast = i == inputs.count - 1
                stack.append(
                    (input, next + (isLast ? "└─ " : "├─ "), next + (isLast ? "   " : "│  ")))
            }
        }
        return lines.joined(separator: "\n")
    }

    private func describe(_ node: Node) -> String {
        var text = "\(node.name) \(node.shapes)"
        if let label = node.label { text += " \"\(label)\"" }
        if !node.saved.isEmpty {
            let saved = node.saved.map { "\($0.place) \($0.shape)" }.joined(separator: ", ")
            text += ", saves \(saved)"
        }
        if let line = node.line { text += ", \(line)" }
        return text
    }

    /// The graph in the language of Graphviz, data flowing downwards.
    public func dot(limit: Int = 1000) -> String {
        let limit = Swift.max(limit, 0)
        var lines = ["digraph {", "  rankdir=TB;", "  node [shape=box, fontname=\"Helvetica\"];"]
        for node in nodes.prefix(limit) {
            let label = labels(node).map(Graph.escaped).joined(separator: "\\n")
            let style =
                node.isLeaf
                ? ", style=filled, fillcolor=lightblue"
                : node.id == 0 ? ", style=filled, fillcolor=lightgreen" : ""
            lines.append("  n\(node.id) [label=\"\(label)\"\(style)];")
        }
        for (from, to, label) in arrows(limit) {
            lines.append("  n\(from) -> n\(to)" + (label.map { " [label=\"\($0)\"]" } ?? "") + ";")
        }
        if nodes.count > limit {
            lines.append("  more [label=\"\(nodes.count - limit) more nodes\", shape=plaintext];")
        }
        return (lines + ["}"]).joined(separator: "\n")
    }

    /// The graph in the language of Mermaid, data flowing downwards.
    public func mermaid(limit: Int = 1000) -> String {
        let limit = Swift.max(limit, 0)
        var lines = ["flowchart TD"]
        for node in nodes.prefix(limit) {
            let label = labels(node).map(Graph.escaped).joined(separator: "<br/>")
            lines.append(
                node.isLeaf ? "  n\(node.id)([\"\(label)\"])" : "  n\(node.id)[\"\(label)\"]")
        }
        for (from, to, label) in arrows(limit) {
            lines.append("  n\(from) -->" + (label.map { "|\($0)|" } ?? "") + " n\(to)")
        }
        if nodes.count > limit { lines.append("  more[\"\(nodes.count - limit) more nodes\"]") }
        return lines.joined(separator: "\n")
    }

    private func labels(_ node: Node) -> [String] {
        var labels = [node.label ?? node.name, node.shapes]
        if let line = node.line { labels.append(line) }
        return labels
    }

    /// Input to operation; the output's number where there are several.
    private func arrows(_ limit: Int) -> [(from: Int, to: Int, label: String?)] {
        nodes.prefix(limit).flatMap { node in
            node.inputs.compactMap { input in
                guard let input, input.node < limit else { return nil }
                let isOne = nodes[input.node].outputs.count == 1
                return (input.node, node.id, isOne ? nil : "output \(input.output)")
            }
        }
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\"": result += "'"
            case "\\": result += "/"
            case "<": result += "("
            case ">": result += ")"
            default: result.append(character)
            }
        }
        return result
    }
}

extension Graph: CustomStringConvertible {
    /// As `text()`.
    public var description: String { text() }
}
