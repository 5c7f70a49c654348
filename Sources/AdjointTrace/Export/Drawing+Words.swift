import AdjointCore

/// A drawing for those who read and do not look.
extension Drawing {
    /// "Graph of y: 3 operations, 1 leaf".
    var heading: String {
        let operations = nodes.count { $0.kind == .operation }
        let modules = nodes.count { $0.kind == .scope }
        let leaves = nodes.count - operations - modules
        var parts = [counted(operations, "operation")]
        if modules > 0 { parts.append(counted(modules, "module")) }
        if leaves > 0 { parts.append(counted(leaves, "leaf", "leaves")) }
        return (title.isEmpty ? "Graph" : "Graph of \(title)") + ": "
            + parts.joined(separator: ", ")
    }

    /// The moment, and each node of a small graph.
    var words: String {
        var words = "Data flows from leaves to the result."
        if !moment.isEmpty { words += " Shown \(moment)." }
        let most = 24
        for i in nodes.indices.prefix(most) { words += " \(caption(i))." }
        if nodes.count > most { words += " And \(nodes.count - most) more." }
        return words
    }

    /// "mul, [] float32, value 6, gradient 1, main.swift:2, in fc1".
    func caption(_ i: Int) -> String {
        let node = nodes[i]
        var parts = [node.kind == .operation ? node.title : "\(node.title) (\(node.kind.rawValue))"]
        if let shape = node.shape { parts.append(shape) }
        if let value = node.value { parts.append("value \(value)") }
        if let gradient = node.gradient {
            parts.append(gradient.text.replacing("∂ ", with: "gradient "))
        }
        parts += node.badges
        if let source = node.source { parts.append(source) }
        let path = path(of: node.scope).map { scopes[$0].name }
        if !path.isEmpty { parts.append("in \(path.joined(separator: " / "))") }
        return parts.joined(separator: ", ")
    }

    /// "mul, add and 3 more", for tooltips.
    func list(_ nodes: [Int]) -> String {
        let shown = nodes.prefix(6).map { self.nodes[$0].title }.joined(separator: ", ")
        return nodes.count > 6 ? "\(shown) and \(nodes.count - 6) more" : shown
    }

    /// Milliseconds from one event to the next in a picture that moves, for at most 12 seconds.
    var pace: Int {
        let last = max(
            nodes.compactMap(\.appears).max() ?? 0, edges.compactMap(\.gradient?.appears).max() ?? 0
        )
        return min(250, 12_000 / max(last, 1))
    }

    private func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
        "\(count) \(count == 1 ? noun : plural ?? noun + "s")"
    }
}

extension Drawing.Gradient {
    /// A value as a gradient: the number, or its norm; nil where none is known.
    init?(_ value: TraceValue?, at event: Int? = nil) {
        guard let value, let norm = ShownValue.norm(value) else { return nil }
        if case .full(let data, _) = value, data.count <= 2 {
            text = "∂ \(ShownValue.text(value) ?? "")"
            isNegative = data.count == 1 && data[0] < 0
        } else {
            text = "‖∂‖ ≈ \(ShownValue.rounded(norm))"
        }
        width = Self.width(norm)
        appears = event
    }

    /// The width of a gradient's line, in pixels: 1 for 10⁻⁴ and less, 2.5 for 10 and more.
    private static func width(_ norm: Double) -> String {
        guard norm.isFinite, norm > 0 else { return "1.5" }
        let steps = 1 + (min(max(Double.log10(norm), -4), 1) + 4) * 0.3
        return ShownValue.number((steps * 10).rounded() / 10)
    }
}
